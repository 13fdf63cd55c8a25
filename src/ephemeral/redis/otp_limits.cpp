#include "ephemeral/redis/otp_limits.hpp"

#include <fmt/format.h>
#include <iterator>

namespace ping::ephemeral {
namespace {

std::int64_t millis(std::chrono::milliseconds time) {
    return time.count();
}

std::string lua_locks(const OtpLimits& limits, std::int64_t failures_of_all) {
    std::string table = "{";
    for (int failures = 1; failures <= limits.failures_at_most; ++failures) {
        const auto lock = lock_after(failures, failures_of_all, limits);
        if (lock > std::chrono::seconds(0)) {
            fmt::format_to(std::back_inserter(table), "[{}]={},", failures, millis(lock));
        }
    }
    return table + "}";
}

}  // namespace

std::string lua_limits(const OtpLimits& limits) {
    std::string table = "local limits = {";
    const auto add = [&](std::string_view name, std::int64_t value) {
        fmt::format_to(std::back_inserter(table), "{}={},", name, value);
    };
    add("hour", millis(std::chrono::hours(1)));
    add("day", millis(std::chrono::hours(24)));
    add("longest_lock", millis(longest_lock));
    add("lifetime", millis(limits.lifetime));
    add("resend_after", millis(limits.resend_after));
    add("sends_per_hour", limits.sends_per_hour);
    add("sends_per_day", limits.sends_per_day);
    add("guesses_per_code", limits.guesses_per_code);
    add("failures_at_most", limits.failures_at_most);
    add("forget_failures_after", millis(forget_failures_after));
    add("ceiling", limits.ceiling);
    add("hours_that_count", hours_that_count);
    fmt::format_to(std::back_inserter(table), "locks={},locks_in_attack={}}}\n", lua_locks(limits, 0),
                   lua_locks(limits, limits.ceiling));
    return table;
}

}  // namespace ping::ephemeral
