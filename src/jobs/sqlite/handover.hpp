#pragma once

#include "ping/jobs/job_queue.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace ping::jobs {

/// Jobs on their way from `publish` to `take` within one process. Their rows were stored as held by the
/// consumer, so that it need not ask the database for them. A place is reserved before the row is stored;
/// without one the row is stored free. Any thread.
class Handover {
public:
    static constexpr std::size_t capacity = 256;

    /// False when there is none left. Each is to be filled or given back.
    bool reserve() {
        const std::lock_guard lock(mutex_);
        if (used_ == capacity) {
            return false;
        }
        ++used_;
        return true;
    }
    void give_back() {
        const std::lock_guard lock(mutex_);
        --used_;
    }
    void fill(Delivery delivery) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(delivery));
    }

    struct Taken {
        std::vector<Delivery> deliveries;  ///< in their order
        bool is_all = true;
    };
    Taken take(std::size_t most) {
        const std::lock_guard lock(mutex_);
        Taken taken;
        const auto count = std::min(most, waiting_.size());
        for (std::size_t i = 0; i < count; ++i) {
            taken.deliveries.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        used_ -= count;
        taken.is_all = waiting_.empty();
        return taken;
    }

private:
    std::mutex mutex_;
    std::deque<Delivery> waiting_;
    std::size_t used_ = 0;  ///< reserved or waiting
};

}  // namespace ping::jobs
