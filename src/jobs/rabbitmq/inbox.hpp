#pragma once

#include "ping/core/clock.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/runtime/ready_signal.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace ping::jobs::rabbitmq {

/// What a channel holds for the worker: deliveries that wait, that are being worked on, and that are to come
/// again later (a broker has no delay: they stay unacked, and come back by themselves after a crash). Every
/// delivery belongs to the channel that brought it, its epoch: what names an older one does nothing, since
/// the broker has given that job to somebody else. Any thread.
class Inbox {
public:
    /// Epochs begin with `first_epoch`: another number for each process, so that none knows another's tags.
    Inbox(const Clock& clock, std::uint64_t first_epoch) : clock_(clock), epoch_(first_epoch) {}

    /// A new channel, and the end of one. Both forget what the one before held.
    void open() { begin_epoch(); }
    void close() { begin_epoch(); }
    void add(std::uint64_t number, bool is_redelivered, Job job);
    /// What is to be acked on the channel, once.
    std::vector<std::uint64_t> take_acks();
    /// How many of the jobs held were put off for the first time, here or before they came, since the last
    /// `clear_put_off`: they take the places of new ones.
    std::size_t put_off() const;
    void clear_put_off();
    /// Jobs that are not acked.
    std::size_t held() const;

    /// The worker's side: JobConsumer's calls.
    std::vector<Delivery> take(const TakeLimits& limits);
    /// Says how many of them were this channel's.
    std::size_t ack(const std::vector<DeliveryTag>& tags);
    void retry(const DeliveryTag& tag, std::chrono::milliseconds delay);
    /// The id of a job that is held; nothing when the tag is an old one.
    std::optional<std::string> message_id(const DeliveryTag& tag) const;
    std::optional<Time> next_due() const;
    int ready_fd() const { return ready_.descriptor(); }

private:
    struct Held {
        Job job;
        int attempt = 1;
        bool was_put_off = false;
    };
    using Number = std::int64_t;

    void begin_epoch();
    Held* find(const DeliveryTag& tag);
    Delivery delivery_of(Number number) const;

    const Clock& clock_;
    ReadySignal ready_;
    mutable std::mutex mutex_;
    // All of the following is guarded by mutex_.
    std::uint64_t epoch_;
    std::map<Number, Held> held_;
    std::deque<Number> fresh_;                 ///< not taken yet
    std::set<std::pair<Time, Number>> later_;  ///< those that were tried, by when they are due
    std::vector<std::uint64_t> acks_;
    std::size_t put_off_ = 0;
};

}  // namespace ping::jobs::rabbitmq
