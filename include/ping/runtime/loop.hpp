#pragma once

#include "ping/core/clock.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/timer_wheel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <utility>
#include <vector>

namespace ping {

/// Asio's steady timer with our one executor type.
using SteadyTimer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// The event loop: one thread on which all state of connections, presence and typing lives. A turn runs what
/// is ready, then the turn-end hooks: there, the waiting writes go to the database thread together, and each
/// connection's outbox leaves in one system call. (A hook per turn instead of a posted one: Beast posts a
/// completion between any two buffered messages, and a posted flush then runs once per message, measured
/// twelve times slower.)
class Loop {
public:
    explicit Loop(const Clock& clock);
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until `stop`. Exceptions that reach it are programming errors: they are logged and the loop goes
    /// on.
    void run();
    /// Makes `run` return after the current turn. Any thread.
    void stop();

    /// Runs `function` on the loop thread, in order of posting. Any thread.
    template <class Function>
    void post(Function&& function) {
        boost::asio::post(context_, std::forward<Function>(function));
    }

    /// Adds work for the end of every turn, in order of registration. At start-up only.
    void at_turn_end(std::function<void()> hook) { turn_end_hooks_.push_back(std::move(hook)); }

    boost::asio::io_context& context() { return context_; }
    Executor executor() { return context_.get_executor(); }
    TimerWheel& timers() { return timers_; }
    const Clock& clock() const { return clock_; }

private:
    void run_turn();
    void run_turn_end();
    void arm_tick();

    const Clock& clock_;
    boost::asio::io_context context_{1};
    TimerWheel timers_;
    SteadyTimer tick_timer_;
    std::vector<std::function<void()>> turn_end_hooks_;
    std::atomic<bool> stopping_{false};
};

}  // namespace ping
