#include "ping/runtime/task_group.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace ping {

void TaskGroup::spawn(std::string_view name, std::function<Task<>()> start) {
    ++running_;
    boost::asio::co_spawn(
        loop_.executor(), std::move(start), [this, name](const std::exception_ptr& failure) {
            if (failure) {
                log::error("task.failed", {{"task", name}, {"what", exception_text(failure)}});
            }
            if (--running_ == 0) {
                idle_.set();
            }
        });
}

Task<> TaskGroup::join() {
    while (running_ > 0) {
        idle_.clear();
        co_await idle_.wait();
    }
}

Task<bool> TaskGroup::join_for(std::chrono::milliseconds limit) {
    const auto deadline = loop_.clock().steady_now() + limit;
    auto now = loop_.clock().steady_now();
    while (running_ > 0 && now < deadline) {
        idle_.clear();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
        co_await idle_.wait_for(left);
        now = loop_.clock().steady_now();
    }
    co_return running_ == 0;
}

}  // namespace ping
