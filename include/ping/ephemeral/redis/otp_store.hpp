#pragma once

#include "ping/ephemeral/otp_store.hpp"
#include "ping/redis/client.hpp"
#include "ping/redis/script.hpp"

namespace ping::ephemeral {

/// One-time codes in Redis: every call but `current` is one Lua script, and a second one spends a code that
/// was guessed. Several servers may share them.
///
/// Keys, with <e> the address and <t> the mailbox: `otp:<e>` (a hash: the code's MAC and what it has paid
/// for), `otp:ratelimit:<e>` (its end and the code's id), `otpq:<t>` (a sorted set: the sends of a day),
/// `otpf:<e>` (a hash: failures since the last success, and the lock), `otph:failures` (a hash: the failures
/// of all by hour), `otph:refused` (a hash that pays for refused guesses). The script of `withdraw` finds the
/// mailbox in the code, so Redis Cluster will not do.
///
/// Times in the values are by the clock that `now` comes from: several servers keep theirs in step. Redis'
/// own TTLs bound them: no step of a clock lets a code live for more than its lifetime.
class RedisOtpStore final : public OtpStore {
public:
    /// The client outlives the store.
    explicit RedisOtpStore(redis::Client& client, OtpLimits limits = {});

    const OtpLimits& limits() const override { return limits_; }
    Task<Result<OtpIssued>> issue(OtpIssue request) override;
    Task<Result<OtpGuessed>> guess(OtpGuess guess) override;
    Task<Result<void>> withdraw(std::string subject, std::string id) override;
    Task<Result<std::optional<std::string>>> current(std::string subject, Time now) override;

private:
    redis::Client& client_;
    OtpLimits limits_;
    redis::Script issue_;
    redis::Script charge_;
    redis::Script consume_;
    redis::Script withdraw_;
};

}  // namespace ping::ephemeral
