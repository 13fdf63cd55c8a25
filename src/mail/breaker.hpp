#pragma once

#include "ping/core/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace ping::mail {

/// Keeps the worker from hammering a mail server that is not there: after 5 failures to get in, in a row, it
/// lets nothing through for 10 s, then one mail as a probe.
class Breaker {
public:
    static constexpr int threshold = 5;
    static constexpr std::chrono::seconds open_for{10};

    /// How many more mails may be started while `in_flight` of `parallel` are under way.
    std::size_t room(SteadyTime now, std::size_t in_flight, std::size_t parallel) const;
    /// The outcome of a mail. True when this opened the breaker that was closed.
    bool note(bool reached, SteadyTime now);
    /// When the next probe may go; nothing while closed.
    std::optional<SteadyTime> opens_at() const { return open_until_; }

private:
    int failures_ = 0;
    std::optional<SteadyTime> open_until_;
};

}  // namespace ping::mail
