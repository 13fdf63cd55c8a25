#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ping::ephemeral {

/// HMAC-SHA256 over a code and everything it is bound to; the code itself is never stored.
using OtpMac = std::array<std::uint8_t, 32>;
using OtpNonce = std::array<std::uint8_t, 16>;

/// The rules of TRUST.md §4.1 as numbers, so that each adapter applies the same ones.
struct OtpLimits {
    std::chrono::seconds lifetime{300};
    std::chrono::seconds resend_after{60};
    int sends_per_hour = 5;  ///< per mailbox (the address without its +tag)
    int sends_per_day = 10;
    int guesses_per_code = 5;       ///< bound and unbound each have this many
    int failures_before_lock = 15;  ///< per account; then 15 min, 1 h, 6 h, 24 h, reset by a success
    int failures_at_most = 100;     ///< in a row, per account; from then on each one locks for a day
};

/// How long an account is locked once its `failures`th guess since the last success is paid for; zero: not
/// at all. A guess counts as failed until its success is known.
inline std::chrono::seconds lock_after(int failures, const OtpLimits& limits) {
    constexpr std::array<std::chrono::minutes, 4> locks{std::chrono::minutes(15), std::chrono::hours(1),
                                                        std::chrono::hours(6), std::chrono::hours(24)};
    if (failures >= limits.failures_at_most) {
        return locks.back();
    }
    if (failures <= 0 || failures % limits.failures_before_lock != 0) {
        return std::chrono::seconds(0);
    }
    const auto step = static_cast<std::size_t>(failures / limits.failures_before_lock - 1);
    return locks[std::min(step, locks.size() - 1)];
}

struct OtpIssue {
    std::string subject;  ///< the normalised address; key `otp:<subject>`
    std::string mailbox;  ///< the address that mail limits count on
    std::string id;       ///< 128 random bits in hex: the flow
    std::string key_id;   ///< which key made the MAC
    OtpNonce nonce;
    OtpMac mac;
    Time now;
};

enum class OtpIssueOutcome { issued, wait, quota, locked };

struct OtpIssued {
    OtpIssueOutcome outcome = OtpIssueOutcome::issued;
    std::chrono::seconds retry_after{0};  ///< for every outcome but `issued`
};

/// A guess that was paid for and may be compared now.
struct OtpChallenge {
    std::string id;
    std::string key_id;
    OtpNonce nonce{};
    OtpMac mac{};
};

/// One-time codes and the limits of guessing and sending them. Calls are atomic against each other. Loop
/// thread. Errors: unavailable (login fails closed), internal.
class OtpStore {
public:
    virtual ~OtpStore() = default;

    /// Stores a new code in place of the old one, unless a limit says no. Never touches the count of
    /// failures.
    virtual Task<Result<OtpIssued>> issue(OtpIssue request) = 0;
    /// Charges one guess, before anything is compared. Nothing when there is no live code, its budget or the
    /// account's is spent, or `flow_id` (empty: unbound) names another code. Always one write, whatever the
    /// outcome (T11).
    virtual Task<Result<std::optional<OtpChallenge>>> charge(std::string subject, std::string flow_id,
                                                             Time now) = 0;
    /// Spends the code `id`: true for exactly one caller. Clears the account's failures.
    virtual Task<Result<bool>> consume(std::string subject, std::string id, Time now) = 0;
    /// Takes back an issue whose mail could not be queued: drops the code and the resend lock if they still
    /// are `id`'s, and the send no longer counts.
    virtual Task<Result<void>> withdraw(std::string subject, std::string id) = 0;
    /// The id of the live code of `subject`, for the mail worker's check whether a job is superseded. Loop
    /// thread.
    virtual Task<Result<std::optional<std::string>>> current(std::string subject, Time now) = 0;
};

}  // namespace ping::ephemeral
