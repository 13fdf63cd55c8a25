#pragma once

#include "ping/ephemeral/otp_store.hpp"
#include "ping/sqlite/database.hpp"

namespace ping::ephemeral {

/// One-time codes in the SQLite file: every call but `current` is one write of the group commit. The database
/// outlives it and has the tables of storage::schema(). Failures of an account are forgotten 30 days after
/// the last one.
class SqliteOtpStore final : public OtpStore {
public:
    explicit SqliteOtpStore(sqlite::Database& database, OtpLimits limits = {})
        : database_(database), limits_(limits) {}

    const OtpLimits& limits() const override { return limits_; }
    Task<Result<OtpIssued>> issue(OtpIssue request) override;
    Task<Result<OtpGuessed>> guess(OtpGuess guess) override;
    Task<Result<void>> withdraw(std::string subject, std::string id) override;
    Task<Result<std::optional<std::string>>> current(std::string subject, Time now) override;

private:
    sqlite::Database& database_;
    OtpLimits limits_;
};

}  // namespace ping::ephemeral
