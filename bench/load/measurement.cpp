#include "measurement.hpp"

#include <unistd.h>

namespace bench {

Measurement::Measurement(boost::asio::io_context& context, const MeasurementOptions& options)
    : context_(context), options_(options), timer_(context) {}

void Measurement::start() {
    timer_.expires_after(std::chrono::duration_cast<Clock::duration>(options_.warm_up));
    timer_.async_wait([this](const boost::system::error_code&) { open(); });
}

void Measurement::open() {
    cpu_ = read_cpu_time(options_.server);
    own_cpu_ = read_cpu_time(::getpid());
    opened_at_ = Clock::now();
    is_open_ = true;
    close_after(std::chrono::duration_cast<Clock::duration>(options_.window));
}

void Measurement::close_after(Clock::duration span) {
    timer_.expires_after(span);
    timer_.async_wait([this](const boost::system::error_code&) { close(); });
}

void Measurement::close() {
    if (latencies_.count() == 0) {
        close_after(std::chrono::milliseconds(10));
        return;
    }
    is_open_ = false;
    closed_at_ = Clock::now();
    cpu_ = read_cpu_time(options_.server) - cpu_;
    own_cpu_ = read_cpu_time(::getpid()) - own_cpu_;
    memory_ = read_memory(options_.server);
    context_.stop();
}

Report Measurement::report() const {
    const auto operations = static_cast<double>(latencies_.count());
    const auto span = seconds(closed_at_ - opened_at_);
    Report report;
    report.add("operations", operations);
    report.add("per_second", operations / span);
    report.add("p50_ms", latencies_.percentile_ms(0.50));
    report.add("p99_ms", latencies_.percentile_ms(0.99));
    report.add("cpu_us", cpu_.total() * 1e6 / operations);
    report.add("cpu_user_us", cpu_.user_seconds * 1e6 / operations);
    report.add("cpu_system_us", cpu_.system_seconds * 1e6 / operations);
    report.add("cpu_cores", cpu_.total() / span);
    report.add("load_cpu_cores", own_cpu_.total() / span);
    report.add("rss_mb", memory_.rss_kb / 1024);
    report.add("pss_mb", memory_.pss_kb / 1024);
    return report;
}

}  // namespace bench
