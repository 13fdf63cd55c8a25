#include "idle.hpp"

#include <stdexcept>

namespace bench {

Idle::Idle(boost::asio::io_context& context, const CrowdOptions& crowd, const Population& population,
           const IdleOptions& options)
    : context_(context), crowd_(context, crowd, population, *this), options_(options), timer_(context) {
    if (crowd.connections <= options.first) {
        throw std::runtime_error("too few idle connections to tell what one costs");
    }
}

void Idle::wait(std::chrono::duration<double> span, void (Idle::*then)()) {
    timer_.expires_after(std::chrono::duration_cast<Clock::duration>(span));
    timer_.async_wait([this, then](const boost::system::error_code&) { (this->*then)(); });
}

void Idle::on_all_ready() {
    wait(options_.settle, is_full_ ? &Idle::look_again : &Idle::look_first);
}

void Idle::look_first() {
    before_ = read_memory(options_.server);
    is_full_ = true;
    crowd_.open();
}

void Idle::look_again() {
    after_ = read_memory(options_.server);
    cpu_ = read_cpu_time(options_.server);
    wait(options_.window, &Idle::end);
}

void Idle::end() {
    cpu_ = read_cpu_time(options_.server) - cpu_;
    context_.stop();
}

Report Idle::report() const {
    const auto added = static_cast<double>(crowd_.size() - options_.first);
    const auto connection_seconds = static_cast<double>(crowd_.size()) * options_.window.count();
    Report report;
    report.add("connections", static_cast<double>(crowd_.size()));
    report.add("rss_kb_each", (after_.rss_kb - before_.rss_kb) / added);
    report.add("pss_kb_each", (after_.pss_kb - before_.pss_kb) / added);
    report.add("cpu_us_each_second", cpu_.total() * 1e6 / connection_seconds);
    report.add("rss_mb", after_.rss_kb / 1024);
    report.add("pss_mb", after_.pss_kb / 1024);
    return report;
}

}  // namespace bench
