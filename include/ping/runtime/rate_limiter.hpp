#pragma once

#include "ping/core/clock.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ping {

/// A token bucket per key: `burst` at once, then `per_second`. Knows at most `capacity` keys and forgets the
/// one that was used least recently, which gives a flood of keys nothing but its own buckets. Loop thread.
class RateLimiter {
public:
    /// A burst of 0 turns the limiter off.
    RateLimiter(const Clock& clock, double burst, double per_second, std::size_t capacity = 100'000);

    /// Takes one token: nothing when there was one, else how long until there is (at least a second, rounded
    /// up).
    std::optional<std::chrono::seconds> take(std::string_view key);
    /// Puts back a token that was taken for nothing.
    void give_back(std::string_view key);

private:
    struct Bucket {
        std::string key;
        double tokens;
        SteadyTime filled_at;
    };
    Bucket& touch(std::string_view key);
    std::optional<std::chrono::seconds> wait_of(const Bucket& bucket) const;

    const Clock& clock_;
    double burst_;
    double per_second_;
    std::size_t capacity_;
    std::list<Bucket> buckets_;  ///< most recently used first
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;
};

}  // namespace ping
