#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/runtime/rate_limiter.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace ping::auth {

/// What one network address may do about logins (TRUST.md §4.1), kept in memory: a store that is down does
/// not open these limits, and a restart forgets them. Off when `limits.per_ip` is 0. Loop thread.
class AddressLimits {
public:
    AddressLimits(const Clock& clock, const Config::Limits& limits);

    /// Pays for one login mail; how long to wait when there is none left.
    std::optional<std::chrono::seconds> take_mail(std::string_view client);
    /// Pays for one guess, before it is looked at: guesses in parallel get no more than the limit.
    std::optional<std::chrono::seconds> take_guess(std::string_view client);
    /// The guess was right, or nobody could tell.
    void give_back_guess(std::string_view client);

private:
    RateLimiter mails_;
    RateLimiter mails_of_a_day_;
    RateLimiter guesses_;
};

}  // namespace ping::auth
