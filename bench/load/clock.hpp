#pragma once

#include <chrono>

namespace bench {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

inline double seconds(Clock::duration span) {
    return std::chrono::duration<double>(span).count();
}

}  // namespace bench
