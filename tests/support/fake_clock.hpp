#pragma once

#include "ping/core/clock.hpp"

#include <atomic>

namespace ping::test {

/// A clock that stands still until it is told to move. Any thread may read it.
class FakeClock final : public Clock {
public:
    Time now() const override { return from_millis(millis_.load()); }
    SteadyTime steady_now() const override {
        return SteadyTime(std::chrono::milliseconds(steady_millis_.load()));
    }

    /// Moves both clocks.
    void advance(std::chrono::milliseconds by) {
        millis_ += by.count();
        steady_millis_ += by.count();
    }
    /// Sets the wall clock alone, as an administrator might.
    void set_now(Time time) { millis_ = to_millis(time); }

private:
    std::atomic<std::int64_t> millis_{1'790'000'000'000};
    std::atomic<std::int64_t> steady_millis_{1'000'000};
};

}  // namespace ping::test
