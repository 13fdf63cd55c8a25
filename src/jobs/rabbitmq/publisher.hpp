#pragma once

#include "jobs/rabbitmq/link.hpp"
#include "ping/core/metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace ping::jobs::rabbitmq {

/// Publishes jobs with confirms, on a link's thread. A job counts as published when the broker has confirmed
/// it and has not returned it. Everything else is `unavailable`, at once where it is known: while there is no
/// connection, while the broker is short of memory, at the bounds.
class Publisher final : public LinkUser {
public:
    /// Jobs handed over and not confirmed yet.
    static constexpr std::size_t most_in_flight = 1024;
    static constexpr int dead_letters_kept = 10'000;

    /// Called once, on the link's thread or within `submit`.
    using Done = std::function<void(Result<void>)>;

    /// `max_length`: jobs that may wait in `queue`. Known as the broker's count when we last asked and what
    /// we published since; asked again, at most once a second, when it seems to be reached.
    Publisher(std::string queue, std::size_t max_length, const Clock& clock);

    /// Where `submit` wakes the link. Before the link starts.
    void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }
    /// Any thread.
    void submit(Job job, Done done);
    void submit_dead_letter(Job letter, Done done);
    /// So many jobs are done: they no longer count against `max_length`. Any thread.
    void note_done(std::size_t count);
    /// Whether it would try. Any thread.
    bool is_open() const;

    Result<void> opened(Connection& connection) override;
    Result<void> received(Connection& connection, Event event) override;
    Result<bool> work(Connection& connection) override;
    void closed(const Error& error) override;

private:
    struct Entry {
        Job job;
        bool is_dead_letter = false;
        Done done;
        bool was_returned = false;  ///< and waits for its confirm
        bool is_second_try = false;
    };

    void submit(Entry entry);
    Result<void> admit(Entry& entry);
    Result<void> declare(Connection& connection);
    void settle(const Confirmed& confirmed);
    void settle(Entry entry, bool is_taken);
    void finish(Entry& entry, const Result<void>& result);
    void mark_returned(const Returned& returned);
    void fail_all(const Error& error);
    const std::string& queue_of(const Entry& entry) const;

    const std::string queue_;
    const std::string dead_queue_;
    const std::size_t max_length_;
    const Clock& clock_;
    std::function<void()> wake_;

    mutable std::mutex mutex_;
    // The following is guarded by mutex_.
    std::deque<Entry> waiting_;
    std::size_t in_flight_ = 0;  ///< in waiting_ and unconfirmed_
    std::size_t length_ = 0;     ///< jobs in the queue, as far as we know
    bool is_open_ = false;
    bool is_blocked_ = false;
    bool wants_look_ = false;

    // The link's thread alone uses these.
    std::map<std::uint64_t, Entry> unconfirmed_;  ///< by the number of their publish on this channel
    std::uint64_t published_ = 0;                 ///< on this channel
    bool wants_queues_ = false;                   ///< a queue is gone
    SteadyTime looked_at_;
};

}  // namespace ping::jobs::rabbitmq
