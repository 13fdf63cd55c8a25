#pragma once

#include <chrono>
#include <string>

namespace ping {

/// Wall-clock time in UTC, as stored and as shown to clients: whole milliseconds since 1970.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Where all code takes the time from, so that tests can move it. Any thread may call it.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
    /// Never goes back; for deadlines and intervals.
    virtual SteadyTime steady_now() const = 0;
};

class SystemClock final : public Clock {
public:
    Time now() const override;
    SteadyTime steady_now() const override;
};

/// `2026-11-21T06:41:00.123Z` (RFC 3339, UTC, milliseconds).
std::string to_iso8601(Time time);

inline std::int64_t to_millis(Time time) {
    return time.time_since_epoch().count();
}
inline Time from_millis(std::int64_t millis) {
    return Time(std::chrono::milliseconds(millis));
}

}  // namespace ping
