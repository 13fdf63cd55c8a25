#include "ping/runtime/async_event.hpp"

namespace ping {

AsyncEvent::AsyncEvent(Loop& loop) : loop_(loop), timer_(loop.context()) {
    timer_.expires_at(SteadyTime::max());
}

void AsyncEvent::set() {
    is_set_ = true;
    timer_.cancel();
}

Task<> AsyncEvent::wait() {
    while (!is_set_) {
        co_await timer_.async_wait(use_task);
    }
}

Task<bool> AsyncEvent::wait_for(std::chrono::milliseconds limit) {
    bool is_over = false;
    CallbackTimer deadline([&] {
        is_over = true;
        timer_.cancel();
    });
    loop_.timers().arm(deadline, limit);
    while (!is_set_ && !is_over) {
        co_await timer_.async_wait(use_task);
    }
    co_return is_set_;
}

}  // namespace ping
