#include "jobs/rabbitmq/consumer.hpp"

#include "ping/core/log.hpp"

#include <utility>

namespace ping::jobs::rabbitmq {
namespace {

std::string tag_of(int consumer) {
    return "ping-" + std::to_string(consumer);
}

}  // namespace

Consumer::Consumer(std::string queue, Inbox& inbox, const Clock& clock, Counter& delivered)
    : queue_(std::move(queue)), inbox_(inbox), clock_(clock), delivered_(delivered) {}

Result<void> Consumer::opened(Connection& connection) {
    inbox_.open();
    consumers_ = 0;
    looked_at_ = clock_.steady_now();
    return declare_and_consume(connection);
}

Result<void> Consumer::received(Connection& connection, Event event) {
    if (auto* const delivered = std::get_if<Delivered>(&event)) {
        delivered_.add();
        inbox_.add(delivered->number, delivered->is_redelivered, std::move(delivered->job));
    } else if (std::holds_alternative<Cancelled>(event)) {
        log::warn("rabbitmq.cancelled", {{"queue", queue_}});
        return declare_and_consume(connection);
    }
    return ok();
}

Result<bool> Consumer::work(Connection& connection) {
    for (const auto number : inbox_.take_acks()) {
        if (const auto acked = connection.ack(number); !acked) {
            return acked.error();
        }
    }
    if (inbox_.put_off() >= prefetch / 2 && inbox_.held() < most_held) {
        inbox_.clear_put_off();
        const auto old = tag_of(consumers_);
        if (const auto renewed = consume(connection); !renewed) {
            return renewed.error();
        }
        if (const auto cancelled = connection.cancel(old); !cancelled) {
            return cancelled.error();
        }
    }
    if (clock_.steady_now() - looked_at_ >= look_every) {
        if (const auto looked = look(connection); !looked) {
            return looked.error();
        }
    }
    return false;
}

void Consumer::closed(const Error& /*error*/) {
    inbox_.close();
}

Result<void> Consumer::consume(Connection& connection) {
    return connection.consume(queue_, tag_of(++consumers_), prefetch);
}

Result<void> Consumer::declare_and_consume(Connection& connection) {
    const auto declared = connection.declare(queue_);
    return declared ? consume(connection) : Result<void>(declared.error());
}

/// Should no word have come that the queue was deleted: declared anew it has no consumer.
Result<void> Consumer::look(Connection& connection) {
    looked_at_ = clock_.steady_now();
    const auto state = connection.declare(queue_);
    if (!state) {
        return state.error();
    }
    return state->consumers == 0 ? consume(connection) : ok();
}

}  // namespace ping::jobs::rabbitmq
