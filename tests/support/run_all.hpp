#pragma once

#include "ping/runtime/task_group.hpp"
#include "support/run_coro.hpp"

#include <functional>
#include <vector>

namespace ping::test {

/// Runs what `start()` returns to its end and returns its value.
template <class Start>
auto run(Loop& loop, Start start) {
    using T = typename decltype(start())::value_type;
    return run_coro<T>(loop, std::function<Task<T>()>(std::move(start)));
}

/// Starts `start(0)` ... `start(count - 1)` in one turn of the loop and returns their values in this order.
template <class Start>
auto run_all(Loop& loop, int count, Start start) {
    using T = typename decltype(start(0))::value_type;
    std::vector<std::optional<T>> values(static_cast<std::size_t>(count));
    TaskGroup group(loop);
    for (int i = 0; i < count; ++i) {
        group.spawn("run_all", [&, i]() -> Task<> {
            auto task = start(i);
            values[static_cast<std::size_t>(i)].emplace(co_await std::move(task));
        });
    }
    const auto join = [&]() -> Task<bool> {
        co_await group.join();
        co_return true;
    };
    run_coro<bool>(loop, join);
    std::vector<T> results;
    for (auto& value : values) {
        results.push_back(std::move(*value));
    }
    return results;
}

}  // namespace ping::test
