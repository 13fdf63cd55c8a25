#include "ping/core/log.hpp"
#include "ping/crypto/random.hpp"
#include "redis/client_impl.hpp"
#include "redis/greeting.hpp"

#include <algorithm>
#include <array>

namespace ping::redis {

Task<> Client::Impl::run() {
    while (!is_stopping_) {
        const auto link = std::make_shared<Link>(loop_, options_, tls_.get());
        link_ = link;
        pipeline_ = std::make_unique<Pipeline>();
        const auto connected = co_await connect(link);
        if (connected && link_ == link) {
            greet();
            co_await read(link);
        } else if (!connected) {
            break_off(connected.error().detail);
        }
        if (!is_stopping_) {
            co_await wake_.wait_for(next_delay());
        }
    }
}

void Client::Impl::stop() {
    is_stopping_ = true;
    break_off("stopping");
    lookup_.give_up();
    wake_.set();
}

Task<Result<void>> Client::Impl::connect(std::shared_ptr<Link> link) {
    bool is_late = false;
    CallbackTimer deadline([&] {
        is_late = true;
        link->close();
    });
    loop_.timers().arm(deadline, options_.connect_timeout);
    auto endpoints = co_await lookup_.find(options_.connect_timeout);
    if (!endpoints) {
        co_return endpoints.error();
    }
    const auto error = co_await link->open(std::move(*endpoints));
    if (is_late) {
        co_return errors::unavailable("too slow").with_detail("not connected in time");
    }
    if (error) {
        co_return errors::unavailable("not connected").with_detail(error.message());
    }
    co_return ok();
}

Task<> Client::Impl::read(std::shared_ptr<Link> link) {
    std::array<char, 16 * 1024> buffer{};
    while (link_ == link) {
        boost::system::error_code error;
        const auto size = co_await link->read_some(buffer, error);
        if (link_ != link) {
            break;
        }
        if (error) {
            break_off(error.message());
        } else {
            take(std::string_view(buffer.data(), size));
        }
    }
}

void Client::Impl::greet() {
    is_open_ = true;
    heard_at_ = loop_.clock().steady_now();
    auto steps = greeting(options_);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const bool is_last = i + 1 == steps.size();
        const bool may_be_refused = steps[i].may_be_refused;
        const auto hear = [this, link = link_.get(), is_last, may_be_refused](const Result<Reply>& reply) {
            if (!reply || link_.get() != link) {
                return;
            }
            if (reply->is_error() && !may_be_refused) {
                break_off(reply->text);
            } else if (is_last) {
                greeted();
            }
        };
        add(steps[i].command, std::make_unique<CallbackCall>(hear));
    }
}

void Client::Impl::greeted() {
    is_up_ = true;
    has_come_up_.set();
    delay_ = options_.first_delay;
    said_.clear();
    connections_.add();
    log::info("redis.connected",
              {{"host", options_.host}, {"port", options_.port}, {"tls", options_.is_tls}});
}

void Client::Impl::say_lost(std::string_view why) {
    // Not once for each try.
    if (said_ != why) {
        said_ = why;
        log::warn("redis.not_connected", {{"host", options_.host}, {"port", options_.port}, {"why", why}});
    }
}

std::chrono::milliseconds Client::Impl::next_delay() {
    const auto whole = static_cast<std::uint32_t>(delay_.count());
    delay_ = std::min(delay_ * 2, options_.last_delay);
    return std::chrono::milliseconds(whole - crypto::uniform(rng_, whole / 2 + 1));
}

}  // namespace ping::redis
