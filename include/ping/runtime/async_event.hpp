#pragma once

#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <chrono>

namespace ping {

/// Lets one coroutine wait for another's word: a timer that is never due and a flag that is looked at again
/// after each wake. (Asio 1.26's channel is broken after a cancel.) One waiter at a time. Loop thread.
class AsyncEvent {
public:
    explicit AsyncEvent(Loop& loop);
    /// Wakes the waiter, or lets the next `wait` return at once.
    void set();
    void clear() { is_set_ = false; }
    bool is_set() const { return is_set_; }
    /// Returns when set.
    Task<> wait();
    /// Returns when set or after `limit`; says whether it was set.
    Task<bool> wait_for(std::chrono::milliseconds limit);

private:
    Loop& loop_;
    SteadyTimer timer_;
    bool is_set_ = false;
};

}  // namespace ping
