#pragma once

#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ping::test {

/// Runs the loop on this thread until `start()`'s coroutine ends, and returns its value. Throws what it
/// threw, and std::runtime_error when it has not ended after 10 s of real time.
template <class T>
T run_coro(Loop& loop, std::function<Task<T>()> start) {
    std::optional<T> value;
    std::exception_ptr failure;
    bool is_late = false;
    SteadyTimer guard(loop.context());
    guard.expires_after(std::chrono::seconds(10));
    guard.async_wait([&](const boost::system::error_code& error) {
        if (!error) {
            is_late = true;
            loop.stop();
        }
    });
    auto body = [&]() -> Task<> {
        auto task = start();
        value.emplace(co_await std::move(task));
    };
    boost::asio::co_spawn(loop.executor(), body, [&](const std::exception_ptr& error) {
        failure = error;
        guard.cancel();
        loop.stop();
    });
    loop.run();
    if (is_late) {
        throw std::runtime_error("run_coro: not done after 10 s");
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return std::move(*value);
}

}  // namespace ping::test
