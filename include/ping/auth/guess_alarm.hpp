#pragma once

#include "ping/core/metrics.hpp"

#include <cstdint>

namespace ping::auth {

/// Tells the operator when somebody guesses codes all over the accounts (TRUST.md T5): one log line when the
/// failures of all accounts reach the ceiling and one when they are well below it again, and the series
/// `ping_otp_failures_24h` and `ping_otp_ceiling_reached`, as of the last guess. The store itself tightens
/// the accounts' limits. Loop thread.
class GuessAlarm {
public:
    GuessAlarm(std::int64_t ceiling, Metrics& metrics);
    GuessAlarm(const GuessAlarm&) = delete;
    GuessAlarm& operator=(const GuessAlarm&) = delete;

    /// What a store said after a guess (ephemeral::OtpCharge::failures_of_all).
    void note(std::int64_t failures_of_all);

private:
    const std::int64_t ceiling_;
    std::int64_t failures_ = 0;
    bool is_raised_ = false;
};

}  // namespace ping::auth
