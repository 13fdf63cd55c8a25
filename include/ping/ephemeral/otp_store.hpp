#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ping::ephemeral {

/// HMAC-SHA256 over a code and everything it is bound to; the code itself is never stored.
using OtpMac = std::array<std::uint8_t, 32>;
using OtpNonce = std::array<std::uint8_t, 16>;

/// The rules of TRUST.md §4.1 as numbers, so that each adapter applies the same ones. The one place of their
/// defaults: whoever needs one asks the store (OtpStore::limits).
struct OtpLimits {
    std::chrono::seconds lifetime{300};
    std::chrono::seconds resend_after{60};
    int sends_per_hour = 5;  ///< per mailbox (the address without its +tag)
    int sends_per_day = 10;
    int guesses_per_code = 5;       ///< bound and unbound each have this many
    int failures_before_lock = 15;  ///< per account; then 15 min, 1 h, 6 h, 24 h, reset by a success
    int failures_at_most = 100;     ///< in a row, per account; from then on each one locks for a day
    /// Failures of all accounts in 24 hours that are an attack on everybody (T5). While there are so many,
    /// an account is locked after `failures_before_lock_in_attack`.
    std::int64_t ceiling = 20'000;
    int failures_before_lock_in_attack = 5;
};

/// No lock is longer.
inline constexpr std::chrono::hours longest_lock{24};

/// How long an account is locked once its `failures`th guess since the last success is paid for; zero: not
/// at all. A guess counts as failed until its success is known. `failures_of_all`: of every account in the
/// last 24 hours, this one among them.
inline std::chrono::seconds lock_after(int failures, std::int64_t failures_of_all, const OtpLimits& limits) {
    constexpr std::array<std::chrono::minutes, 4> locks{std::chrono::minutes(15), std::chrono::hours(1),
                                                        std::chrono::hours(6), longest_lock};
    if (failures >= limits.failures_at_most) {
        return locks.back();
    }
    const int before_lock = failures_of_all < limits.ceiling ? limits.failures_before_lock
                                                             : limits.failures_before_lock_in_attack;
    if (failures <= 0 || failures % before_lock != 0) {
        return std::chrono::seconds(0);
    }
    const auto step = static_cast<std::size_t>(failures / before_lock - 1);
    return locks[std::min(step, locks.size() - 1)];
}

/// What is left of a wait until `end` that was begun with `longest` at most; zero: it is over. One that seems
/// to be longer was begun before the clock was put back, and counts as over (F12).
inline std::chrono::milliseconds wait_left(Time end, Time now, std::chrono::milliseconds longest) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
    return left > longest ? std::chrono::milliseconds(0) : std::max(left, std::chrono::milliseconds(0));
}

/// Failures of an account are forgotten so long after the last one.
inline constexpr std::chrono::hours forget_failures_after{30 * 24};
/// Failures of all accounts are kept by the hour. The hour that runs and the 24 before it count: a day at
/// least, whatever the minute.
inline constexpr std::int64_t hours_that_count = 25;

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

/// What a guess is compared with.
struct OtpChallenge {
    std::string id;
    std::string key_id;
    OtpNonce nonce{};
    OtpMac mac{};
};

/// What a refused guess is compared with, for the time that it takes (T11): of no key, so never right.
inline OtpChallenge nobodys_challenge() {
    return {std::string(2 * sizeof(OtpNonce), '0'), {}, {}, {}};
}

/// Whether a guess is the code of the challenge. Takes the same time for both answers. A store asks on a
/// thread of its own, and again where it has to repeat a write.
using OtpMatcher = std::function<bool(const OtpChallenge&)>;

struct OtpGuess {
    std::string subject;
    std::string flow_id;  ///< empty: unbound
    Time now;
    OtpMatcher is_right;
};

enum class OtpVerdict {
    refused,  ///< not paid for, so not compared with the code
    wrong,    ///< or somebody else was right at the same time
    right     ///< and the code is spent: for exactly one caller
};

/// What became of a guess.
struct OtpGuessed {
    OtpVerdict verdict = OtpVerdict::refused;
    std::string id;  ///< where it was right: which code it spent
    /// Failures of all accounts in the last 24 hours, at most an hour more: guesses that were paid for and
    /// not right. This one counts while it is compared. Refused ones cannot be right and do not count.
    std::int64_t failures_of_all = 0;
};

/// One-time codes and the limits of guessing and sending them. Calls are atomic against each other. Loop
/// thread. Errors: unavailable (login fails closed), internal.
class OtpStore {
public:
    virtual ~OtpStore() = default;

    /// What this store goes by.
    virtual const OtpLimits& limits() const = 0;

    /// Stores a new code in place of the old one, unless a limit says no. Never touches the count of
    /// failures.
    virtual Task<Result<OtpIssued>> issue(OtpIssue request) = 0;
    /// Charges the guess to the code, to the account and to the failures of all, and only then compares it;
    /// nobody hears the verdict before the charge is as durable as the store makes it. Refused when there is
    /// no live code, its budget or the account's is spent, or `flow_id` names another code. Where it is
    /// right, spends the code, clears the account's failures and takes the guess back from the failures of
    /// all. Refused and wrong guesses are the same work (T11).
    virtual Task<Result<OtpGuessed>> guess(OtpGuess guess) = 0;
    /// Takes back an issue whose mail could not be queued: drops the code and the resend lock if they still
    /// are `id`'s, and the send no longer counts.
    virtual Task<Result<void>> withdraw(std::string subject, std::string id) = 0;
    /// The id of the live code of `subject`, for the mail worker's check whether a job is superseded. Loop
    /// thread.
    virtual Task<Result<std::optional<std::string>>> current(std::string subject, Time now) = 0;
};

}  // namespace ping::ephemeral
