#pragma once

#include "ping/core/error.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <cstddef>
#include <functional>
#include <stdexcept>

namespace bench {

/// Runs `step(0)` to `step(count - 1)` on the loop, many at a time, so that the group commit carries many of
/// their writes. Throws what one of them threw, after all have ended.
void run_in_parallel(ping::Loop& loop, std::size_t count,
                     const std::function<ping::Task<>(std::size_t)>& step);

/// Throws std::runtime_error for an error.
template <class T>
void require(const ping::Result<T>& result) {
    if (!result) {
        throw std::runtime_error(result.error().message + " " + result.error().detail);
    }
}

}  // namespace bench
