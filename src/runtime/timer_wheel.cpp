#include "ping/runtime/timer_wheel.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <exception>

namespace ping {

void Timer::disarm() {
    if (previous_ == nullptr) {
        return;
    }
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = nullptr;
    next_ = nullptr;
}

TimerWheel::TimerWheel(const Clock& clock) : clock_(clock), epoch_(clock.steady_now()) {
    for (auto& slot : slots_) {
        Timer& head = slot;
        head.previous_ = &head;
        head.next_ = &head;
    }
}

TimerWheel::~TimerWheel() {
    for (auto& slot : slots_) {
        Timer& head = slot;
        while (head.next_ != &head) {
            head.next_->disarm();
        }
        head.previous_ = nullptr;
        head.next_ = nullptr;
    }
}

std::uint64_t TimerWheel::tick_of(SteadyTime time) const {
    return static_cast<std::uint64_t>((time - epoch_) / tick);
}

void TimerWheel::arm(Timer& timer, std::chrono::milliseconds delay) {
    timer.disarm();
    // One tick is added because the current one has partly passed: a timer never fires early.
    const auto due = tick_of(clock_.steady_now() + std::max(delay, std::chrono::milliseconds(0))) + 1;
    timer.due_tick_ = std::max(due, now_tick_ + 1);
    Timer& head = slots_[timer.due_tick_ % slot_count];
    timer.previous_ = head.previous_;
    timer.next_ = &head;
    head.previous_->next_ = &timer;
    head.previous_ = &timer;
}

void TimerWheel::advance() {
    const auto target = tick_of(clock_.steady_now());
    // After a long stop one round over all slots finds everything that is due.
    if (target > now_tick_ + slot_count) {
        now_tick_ = target - slot_count;
    }
    while (now_tick_ < target) {
        ++now_tick_;
        run_slot(slots_[now_tick_ % slot_count]);
    }
}

void TimerWheel::run_slot(Timer& head) {
    // What is due moves to a list of its own first: a callback may arm or disarm any timer, this slot's
    // included.
    Slot due;
    Timer& due_head = due;
    due_head.previous_ = &due_head;
    due_head.next_ = &due_head;
    for (Timer* timer = head.next_; timer != &head;) {
        Timer* const following = timer->next_;
        if (timer->due_tick_ <= now_tick_) {
            timer->disarm();
            timer->previous_ = due_head.previous_;
            timer->next_ = &due_head;
            due_head.previous_->next_ = timer;
            due_head.previous_ = timer;
        }
        timer = following;
    }
    while (due_head.next_ != &due_head) {
        Timer* const timer = due_head.next_;
        timer->disarm();
        fire(*timer);
    }
    due_head.previous_ = nullptr;
    due_head.next_ = nullptr;
}

void TimerWheel::fire(Timer& timer) {
    try {
        timer.fired();
    } catch (...) {
        // One owner's mistake must not cost the others their deadlines.
        log::error("timer.failed", {{"what", exception_text()}});
    }
}

}  // namespace ping
