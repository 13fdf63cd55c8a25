#include "ping/runtime/loop.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

#include <boost/asio/executor_work_guard.hpp>

namespace ping {
namespace {

// A turn is bounded, so that a flood of ready handlers cannot keep the outboxes waiting.
constexpr int handlers_per_turn = 256;

}  // namespace

Loop::Loop(const Clock& clock) : clock_(clock), timers_(clock), tick_timer_(context_) {}

void Loop::run() {
    const auto keep_running = boost::asio::make_work_guard(context_);
    context_.restart();
    arm_tick();
    while (!stopping_.load(std::memory_order_acquire)) {
        try {
            run_turn();
        } catch (...) {
            log::error("loop.exception", {{"what", exception_text()}});
        }
        run_turn_end();
    }
    tick_timer_.cancel();
    stopping_.store(false, std::memory_order_release);
}

void Loop::stop() {
    stopping_.store(true, std::memory_order_release);
    post([] {});  // wakes a loop that sleeps
}

void Loop::run_turn() {
    // run_one blocks until there is something to do; what else is ready then belongs to the same turn.
    context_.run_one();
    for (int handled = 1; handled < handlers_per_turn && context_.poll_one() > 0; ++handled) {
    }
}

void Loop::run_turn_end() {
    for (const auto& hook : turn_end_hooks_) {
        try {
            hook();
        } catch (...) {
            log::error("loop.exception", {{"what", exception_text()}});
        }
    }
}

void Loop::arm_tick() {
    tick_timer_.expires_after(TimerWheel::tick);
    tick_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            arm_tick();  // first: no failure may stop the clock of all deadlines
            timers_.advance();
        }
    });
}

}  // namespace ping
