#pragma once

#include "ping/core/clock.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace ping {

class TimerWheel;

/// A deadline that lives inside the object it watches. It disarms itself when destroyed. Loop thread only.
class Timer {
public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    virtual ~Timer() { disarm(); }

    void disarm();
    bool is_armed() const { return previous_ != nullptr; }

protected:
    /// Called once per arming, from the wheel. It may re-arm or destroy this timer. What it throws is logged.
    virtual void fired() = 0;

private:
    friend class TimerWheel;
    Timer* previous_ = nullptr;
    Timer* next_ = nullptr;
    std::uint64_t due_tick_ = 0;
};

/// A timer that calls a function.
class CallbackTimer final : public Timer {
public:
    CallbackTimer() = default;
    explicit CallbackTimer(std::function<void()> callback) : callback_(std::move(callback)) {}
    void set(std::function<void()> callback) { callback_ = std::move(callback); }

private:
    void fired() override {
        // A copy: the callback may destroy the timer that holds it.
        const auto callback = callback_;
        callback();
    }
    std::function<void()> callback_;
};

/// All deadlines of the process on one clock: a hashed wheel (Varghese and Lauck, 1987) of 512 slots of 50
/// ms. Arming and disarming are O(1) and allocate nothing. A timer fires up to one tick late, never early.
/// Loop thread only.
class TimerWheel {
public:
    static constexpr std::chrono::milliseconds tick{50};

    explicit TimerWheel(const Clock& clock);
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;
    ~TimerWheel();

    /// (Re)arms `timer` to fire `delay` from now.
    void arm(Timer& timer, std::chrono::milliseconds delay);
    /// Fires everything that is due by the clock. The loop calls it once a tick; tests after moving their
    /// clock.
    void advance();

private:
    static constexpr std::size_t slot_count = 512;
    struct Slot final : Timer {
        void fired() override {}
    };

    std::uint64_t tick_of(SteadyTime time) const;
    void run_slot(Timer& slot);
    static void fire(Timer& timer);

    const Clock& clock_;
    SteadyTime epoch_;
    std::uint64_t now_tick_ = 0;
    std::array<Slot, slot_count> slots_;
};

}  // namespace ping
