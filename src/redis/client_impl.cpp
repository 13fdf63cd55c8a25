#include "redis/client_impl.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"
#include "redis/errors.hpp"

#include <array>
#include <utility>

namespace ping::redis {
namespace {

constexpr std::string_view too_slow = "no reply in time";

void finish_guarded(Call& call, Result<Reply> reply) {
    try {
        call.finish(std::move(reply));
    } catch (...) {
        // One waiter's mistake must not cost the others their answer.
        log::error("redis.waiter_failed", {{"what", exception_text()}});
    }
}

}  // namespace

Client::Impl::Impl(Loop& loop, Rng& rng, Options options, std::unique_ptr<boost::asio::ssl::context> tls,
                   Metrics& metrics)
    : loop_(loop),
      rng_(rng),
      options_(std::move(options)),
      tls_(std::move(tls)),
      lookup_(loop, options_.host, options_.port),
      deadline_([this] { check_deadline(); }),
      wake_(loop),
      has_come_up_(loop),
      delay_(options_.first_delay),
      commands_(metrics.counter("ping_redis_commands_total", "Commands that Redis has answered")),
      failures_(metrics.counter("ping_redis_failures_total",
                                "Commands that got no answer: no connection, or none in time")),
      connections_(metrics.counter("ping_redis_connections_total", "Connections to Redis that came up")),
      seconds_(metrics.histogram("ping_redis_command_seconds", "From a command to its reply")) {}

void Client::Impl::register_gauges(Metrics& metrics) {
    metrics.gauge("ping_redis_up", "1 while Redis can be asked", [weak = weak_from_this()] {
        const auto alive = weak.lock();
        return alive && alive->is_up_ ? 1.0 : 0.0;
    });
    metrics.gauge("ping_redis_pending", "Commands that wait for their reply", [weak = weak_from_this()] {
        const auto alive = weak.lock();
        return alive && alive->pipeline_ ? static_cast<double>(alive->pipeline_->pending()) : 0.0;
    });
}

Task<bool> Client::Impl::wait_until_up(std::chrono::milliseconds limit) {
    return has_come_up_.wait_for(limit);
}

void Client::Impl::send(const Command& command, std::unique_ptr<Call> call) {
    std::string_view refusal;
    if (!is_up_) {
        refusal = "not connected";
    } else if (pipeline_->pending() >= options_.most_pending ||
               pipeline_->unsent_bytes() >= options_.most_unsent_bytes) {
        refusal = "too much waits";
    } else {
        add(command, std::move(call));
        return;
    }
    std::vector<std::unique_ptr<Call>> refused;
    refused.push_back(std::move(call));
    refuse(std::move(refused), refusal);
}

void Client::Impl::add(const Command& command, std::unique_ptr<Call> call) {
    const bool is_first = pipeline_->pending() == 0;
    pipeline_->add(command, std::move(call), loop_.clock().steady_now());
    if (is_first) {
        is_suspect_ = false;
        loop_.timers().arm(deadline_, options_.command_timeout);
    }
}

void Client::Impl::flush() {
    if (is_open_ && pipeline_->unsent_bytes() > 0 && !link_->is_writing()) {
        auto sent = [weak = weak_from_this(), link = link_.get()](const boost::system::error_code& error) {
            const auto alive = weak.lock();
            if (error && alive && alive->link_.get() == link) {
                alive->break_off(error.message());
            }
        };
        link_->write(pipeline_->take_unsent(), std::move(sent));
    }
}

void Client::Impl::take(std::string_view bytes) {
    const auto now = loop_.clock().steady_now();
    heard_at_ = now;
    is_suspect_ = false;
    if (!pipeline_->feed(bytes)) {
        break_off("a reply out of bounds");
        return;
    }
    std::vector<Pipeline::Answered> batch;
    bool is_read_only = false;
    while (true) {
        auto answered = pipeline_->next();
        if (!answered) {
            break_off(answered.error().message);
            break;
        }
        if (!*answered) {
            break;
        }
        commands_.add();
        seconds_.observe(std::chrono::duration<double>(now - (*answered)->asked_at).count());
        is_read_only = is_read_only || (*answered)->reply.is_error("READONLY");
        batch.push_back(std::move(**answered));
    }
    finish(std::move(batch));
    if (is_read_only) {
        // After a failover the name may lead to the new primary already.
        break_off("READONLY: this is a replica");
    }
}

void Client::Impl::finish(std::vector<Pipeline::Answered> batch) {
    if (!batch.empty()) {
        // Posted, so that nobody who wakes up finds this object in the middle of something.
        loop_.post([self = shared_from_this(), answers = std::move(batch)]() mutable {
            for (auto& answered : answers) {
                finish_guarded(*answered.call, std::move(answered.reply));
            }
        });
    }
}

void Client::Impl::refuse(std::vector<std::unique_ptr<Call>> calls, std::string_view why) {
    failures_.add(calls.size());
    loop_.post([refused = std::move(calls), error = not_served(why)] {
        for (const auto& call : refused) {
            finish_guarded(*call, error);
        }
    });
}

void Client::Impl::break_off(std::string_view why) {
    if (!link_) {
        return;
    }
    if (!is_stopping_) {
        say_lost(why);
    }
    link_->close();
    link_.reset();
    deadline_.disarm();
    is_open_ = false;
    is_up_ = false;
    has_come_up_.clear();
    auto abandoned = pipeline_->abandon();
    if (!abandoned.empty()) {
        refuse(std::move(abandoned), why);
    }
}

void Client::Impl::check_deadline() {
    const auto now = loop_.clock().steady_now();
    const auto& [asked_at, limit] = pipeline_->pending() > 0
                                        ? std::pair(pipeline_->oldest(), options_.command_timeout)
                                        : std::pair(heard_at_, options_.idle_after);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(asked_at + limit - now);
    if (left > std::chrono::milliseconds(0)) {
        loop_.timers().arm(deadline_, left);
    } else if (pipeline_->pending() == 0) {
        constexpr std::array<std::string_view, 1> ping{"PING"};
        add(Command(ping), std::make_unique<CallbackCall>([](const Result<Reply>&) {}));
    } else if (!std::exchange(is_suspect_, true)) {
        loop_.timers().arm(deadline_, TimerWheel::tick);
    } else {
        break_off(too_slow);
    }
}

}  // namespace ping::redis
