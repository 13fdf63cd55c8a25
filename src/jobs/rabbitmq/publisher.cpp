#include "jobs/rabbitmq/publisher.hpp"

#include "jobs/rabbitmq/properties.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <utility>

namespace ping::jobs::rabbitmq {
namespace {

constexpr std::chrono::seconds look_pause{1};

Error unreachable() {
    return errors::unavailable("The queue cannot be reached", "queue_down");
}

Error short_of_memory() {
    return errors::unavailable("The queue takes nothing now", "queue_blocked");
}

}  // namespace

Publisher::Publisher(std::string queue, std::size_t max_length, const Clock& clock)
    : queue_(std::move(queue)), dead_queue_(queue_ + ".dead"), max_length_(max_length), clock_(clock) {}

void Publisher::submit(Job job, Done done) {
    submit(Entry{std::move(job), false, std::move(done)});
}

void Publisher::submit_dead_letter(Job letter, Done done) {
    submit(Entry{std::move(letter), true, std::move(done)});
}

void Publisher::submit(Entry entry) {
    if (const auto admitted = admit(entry); !admitted) {
        entry.done(admitted);
    }
}

/// Takes the entry over, within the bounds.
Result<void> Publisher::admit(Entry& entry) {
    if (auto fit = check_job(entry.job); !fit) {
        return fit;
    }
    const std::scoped_lock lock(mutex_);
    if (!is_open_) {
        return unreachable();
    }
    if (is_blocked_) {
        return short_of_memory();
    }
    if (!entry.is_dead_letter && length_ + in_flight_ >= max_length_) {
        wants_look_ = true;
        wake_();
        return errors::unavailable("The queue is full", "queue_full");
    }
    if (in_flight_ >= most_in_flight) {
        return errors::unavailable("Too many jobs wait for the broker", "queue_busy");
    }
    ++in_flight_;
    const bool was_empty = waiting_.empty();
    waiting_.push_back(std::move(entry));
    if (was_empty) {
        wake_();
    }
    return ok();
}

void Publisher::note_done(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    length_ -= std::min(length_, count);
}

bool Publisher::is_open() const {
    const std::scoped_lock lock(mutex_);
    return is_open_ && !is_blocked_;
}

Result<void> Publisher::opened(Connection& connection) {
    published_ = 0;
    if (const auto declared = declare(connection); !declared) {
        return declared;
    }
    if (const auto confirming = connection.confirm_publishes(); !confirming) {
        return confirming;
    }
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
    is_blocked_ = false;
    return ok();
}

Result<void> Publisher::declare(Connection& connection) {
    looked_at_ = clock_.steady_now();
    const auto state = connection.declare(queue_);
    if (!state) {
        return state.error();
    }
    if (const auto dead = connection.declare(dead_queue_, dead_letters_kept); !dead) {
        return dead.error();
    }
    const std::scoped_lock lock(mutex_);
    length_ = state->ready;
    wants_look_ = false;
    return ok();
}

Result<void> Publisher::received(Connection& /*connection*/, Event event) {
    if (const auto* const confirmed = std::get_if<Confirmed>(&event)) {
        settle(*confirmed);
    } else if (const auto* const returned = std::get_if<Returned>(&event)) {
        mark_returned(*returned);
    } else if (const auto* const blocked = std::get_if<Blocked>(&event)) {
        log::warn(blocked->is_blocked ? "rabbitmq.blocked" : "rabbitmq.unblocked");
        {
            const std::scoped_lock lock(mutex_);
            is_blocked_ = blocked->is_blocked;
        }
        if (blocked->is_blocked) {
            // What becomes of them is unknown; whoever asks again supersedes them.
            fail_all(short_of_memory());
        }
    }
    return ok();
}

Result<bool> Publisher::work(Connection& connection) {
    bool wants_look = false;
    {
        const std::scoped_lock lock(mutex_);
        wants_look = wants_look_ && clock_.steady_now() - looked_at_ >= look_pause;
    }
    if (wants_look || std::exchange(wants_queues_, false)) {
        if (const auto declared = declare(connection); !declared) {
            return declared.error();
        }
    }
    for (;;) {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) {
            return false;
        }
        if (!connection.is_writable()) {
            return true;
        }
        auto entry = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const auto& kept = unconfirmed_.emplace(++published_, std::move(entry)).first->second;
        if (const auto sent = connection.publish(queue_of(kept), kept.job); !sent) {
            return sent.error();
        }
        PING_FAILPOINT(O2);
    }
}

void Publisher::settle(const Confirmed& confirmed) {
    const auto first =
        confirmed.is_multiple ? unconfirmed_.begin() : unconfirmed_.lower_bound(confirmed.number);
    auto next = first;
    while (next != unconfirmed_.end() && next->first <= confirmed.number) {
        auto entry = std::move(next->second);
        next = unconfirmed_.erase(next);
        settle(std::move(entry), confirmed.is_taken);
    }
}

/// A job that was returned is tried once more: its queue was deleted, and is declared again first.
void Publisher::settle(Entry entry, bool is_taken) {
    if (is_taken && !entry.was_returned) {
        finish(entry, ok());
    } else if (entry.was_returned && !entry.is_second_try) {
        wants_queues_ = true;
        entry.was_returned = false;
        entry.is_second_try = true;
        const std::scoped_lock lock(mutex_);
        waiting_.push_front(std::move(entry));
    } else {
        finish(entry, errors::unavailable("The queue did not take the job", "queue_refused"));
    }
}

void Publisher::finish(Entry& entry, const Result<void>& result) {
    {
        const std::scoped_lock lock(mutex_);
        --in_flight_;
        length_ += result && !entry.is_dead_letter ? 1 : 0;
    }
    entry.done(result);
}

void Publisher::mark_returned(const Returned& returned) {
    const auto found = std::ranges::find_if(unconfirmed_, [&](const auto& item) {
        return !item.second.was_returned && item.second.job.message_id == returned.message_id;
    });
    if (found != unconfirmed_.end()) {
        found->second.was_returned = true;
    }
}

void Publisher::closed(const Error& /*error*/) {
    {
        const std::scoped_lock lock(mutex_);
        is_open_ = false;
    }
    fail_all(unreachable());
}

void Publisher::fail_all(const Error& error) {
    auto failed = std::exchange(unconfirmed_, {});
    std::deque<Entry> waiting;
    {
        const std::scoped_lock lock(mutex_);
        waiting = std::exchange(waiting_, {});
    }
    for (auto& [number, entry] : failed) {
        finish(entry, error);
    }
    for (auto& entry : waiting) {
        finish(entry, error);
    }
}

const std::string& Publisher::queue_of(const Entry& entry) const {
    return entry.is_dead_letter ? dead_queue_ : queue_;
}

}  // namespace ping::jobs::rabbitmq
