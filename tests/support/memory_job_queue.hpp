#pragma once

#include "ping/core/clock.hpp"
#include "ping/jobs/job_queue.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ping::test {

/// A queue's consuming side in memory, with what a test asks about. Any thread may call anything.
class MemoryJobConsumer final : public jobs::JobConsumer {
public:
    explicit MemoryJobConsumer(const Clock& clock)
        : clock_(clock), ready_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~MemoryJobConsumer() override { ::close(ready_fd_); }
    MemoryJobConsumer(const MemoryJobConsumer&) = delete;
    MemoryJobConsumer& operator=(const MemoryJobConsumer&) = delete;

    void push(jobs::Job job) {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back({next_number_++, std::move(job), 1, clock_.now()});
        ::eventfd_write(ready_fd_, 1);
    }
    /// Every `take` fails while this is set.
    void set_down(bool is_down) {
        const std::scoped_lock lock(mutex_);
        is_down_ = is_down;
        ::eventfd_write(ready_fd_, 1);
    }
    /// The next `count` acks are lost with the connection: they fail, and their jobs come again.
    void lose_acks(int count) {
        const std::scoped_lock lock(mutex_);
        lost_acks_ = count;
    }
    /// The next `count` takes throw.
    void throw_in_takes(int count) {
        const std::scoped_lock lock(mutex_);
        throwing_takes_ = count;
    }

    std::size_t waiting() const {
        const std::scoped_lock lock(mutex_);
        return waiting_.size();
    }
    std::size_t leased() const {
        const std::scoped_lock lock(mutex_);
        return leased_.size();
    }
    std::size_t acked() const {
        const std::scoped_lock lock(mutex_);
        return acked_;
    }
    /// How many calls that took.
    std::size_t acks() const {
        const std::scoped_lock lock(mutex_);
        return acks_;
    }
    std::size_t takes() const {
        const std::scoped_lock lock(mutex_);
        return takes_;
    }
    std::vector<std::string> dead() const {
        const std::scoped_lock lock(mutex_);
        return dead_;
    }
    std::vector<std::chrono::milliseconds> delays() const {
        const std::scoped_lock lock(mutex_);
        return delays_;
    }

    /// Waits, in real time, until `is_done()`; false after 10 s. Looked at after every change of the queue.
    template <class Predicate>
    bool wait_until(Predicate is_done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        std::unique_lock lock(mutex_);
        while (true) {
            const auto seen = changes_;
            lock.unlock();
            if (is_done()) {
                return true;
            }
            lock.lock();
            if (!changed_.wait_until(lock, deadline, [&] { return changes_ != seen; })) {
                return false;
            }
        }
    }

    /// The next `count` acks, retries and buries fail; their jobs stay leased.
    void fail_steps(int count) {
        const std::scoped_lock lock(mutex_);
        failing_steps_ = count;
    }

    Result<std::vector<jobs::Delivery>> take(const jobs::TakeLimits& limits) override {
        const std::scoped_lock lock(mutex_);
        note_change();
        ++takes_;
        eventfd_t count = 0;
        ::eventfd_read(ready_fd_, &count);
        if (throwing_takes_ > 0) {
            --throwing_takes_;
            throw std::runtime_error("take failed");
        }
        if (is_down_) {
            return errors::unavailable("The queue is down");
        }
        std::vector<jobs::Delivery> taken;
        take_some(taken, limits.all, [](const Entry& entry) { return entry.attempt == 1; });
        const auto most = std::min(limits.all, taken.size() + limits.tried);
        take_some(taken, most, [](const Entry& entry) { return entry.attempt > 1; });
        return taken;
    }
    Result<void> ack(const std::vector<jobs::DeliveryTag>& tags) override {
        const std::scoped_lock lock(mutex_);
        note_change();
        ++acks_;
        if (lost_acks_ > 0) {
            --lost_acks_;
            for (const auto& tag : tags) {
                give_back(tag, std::chrono::milliseconds(0));
            }
            return errors::unavailable("The queue is down");
        }
        for (const auto& tag : tags) {
            if (auto released = release(tag, [this](Entry&&) { ++acked_; }); !released) {
                return released;
            }
        }
        return ok();
    }
    Result<void> retry(const jobs::DeliveryTag& tag, std::chrono::milliseconds delay) override {
        const std::scoped_lock lock(mutex_);
        note_change();
        auto given_back = give_back(tag, delay);
        if (given_back) {
            delays_.push_back(delay);
        }
        return given_back;
    }
    Result<void> bury(const jobs::DeliveryTag& tag, const std::string& redacted) override {
        const std::scoped_lock lock(mutex_);
        note_change();
        return release(tag, [&](Entry&&) { dead_.push_back(redacted); });
    }
    int ready_fd() override { return ready_fd_; }
    std::optional<Time> next_due() override {
        const std::scoped_lock lock(mutex_);
        std::optional<Time> first;
        for (const auto& entry : waiting_) {
            first = std::min(first.value_or(entry.due), entry.due);
        }
        return first;
    }

private:
    struct Entry {
        std::int64_t number;
        jobs::Job job;
        int attempt;
        Time due;
    };

    template <class Predicate>
    void take_some(std::vector<jobs::Delivery>& taken, std::size_t most, Predicate is_wanted) {
        for (auto entry = waiting_.begin(); entry != waiting_.end() && taken.size() < most;) {
            if (entry->due > clock_.now() || !is_wanted(*entry)) {
                ++entry;
                continue;
            }
            taken.push_back({{1, entry->number}, entry->job, entry->attempt});
            leased_.push_back(std::move(*entry));
            entry = waiting_.erase(entry);
        }
    }
    void note_change() {
        ++changes_;
        changed_.notify_all();
    }
    template <class Use>
    Result<void> release(const jobs::DeliveryTag& tag, Use use) {
        if (failing_steps_ > 0) {
            --failing_steps_;
            return errors::unavailable("The queue is down");
        }
        const auto entry = std::find_if(leased_.begin(), leased_.end(),
                                        [&](const Entry& other) { return other.number == tag.number; });
        if (entry == leased_.end()) {
            return ok();  // an old tag: nothing to do
        }
        use(std::move(*entry));
        leased_.erase(entry);
        return ok();
    }
    Result<void> give_back(const jobs::DeliveryTag& tag, std::chrono::milliseconds delay) {
        return release(tag, [&](Entry&& entry) {
            waiting_.push_back({entry.number, std::move(entry.job), entry.attempt + 1, clock_.now() + delay});
            ::eventfd_write(ready_fd_, 1);
        });
    }

    const Clock& clock_;
    const int ready_fd_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t changes_ = 0;
    std::vector<Entry> waiting_;
    std::vector<Entry> leased_;
    std::size_t acked_ = 0;
    std::size_t acks_ = 0;
    std::size_t takes_ = 0;
    std::vector<std::string> dead_;
    std::vector<std::chrono::milliseconds> delays_;
    std::int64_t next_number_ = 1;
    bool is_down_ = false;
    int lost_acks_ = 0;
    int failing_steps_ = 0;
    int throwing_takes_ = 0;
};

}  // namespace ping::test
