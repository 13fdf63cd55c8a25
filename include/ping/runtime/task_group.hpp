#pragma once

#include "ping/runtime/async_event.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace ping {

/// Coroutines that nobody awaits, kept account of. A task that ends by an exception is logged. Loop thread.
class TaskGroup {
public:
    explicit TaskGroup(Loop& loop) : loop_(loop), idle_(loop) {}
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `start()` as a coroutine. `name` must outlive the group (a literal). The callable is kept until
    /// the coroutine ends, so its captures are safe to use inside.
    void spawn(std::string_view name, std::function<Task<>()> start);
    /// Resumes when no task is left.
    Task<> join();
    /// Resumes when no task is left, or after `limit`; says whether none is.
    Task<bool> join_for(std::chrono::milliseconds limit);
    std::size_t size() const { return running_; }

private:
    Loop& loop_;
    AsyncEvent idle_;
    std::size_t running_ = 0;
};

}  // namespace ping
