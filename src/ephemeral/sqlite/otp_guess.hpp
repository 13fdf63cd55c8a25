#pragma once

#include "ping/ephemeral/otp_store.hpp"
#include "ping/sqlite/statement.hpp"

namespace ping::ephemeral {

/// OtpStore::charge within a write job. Changes a row whatever the outcome, so that its commit always costs
/// one fsync (T11).
std::optional<OtpChallenge> charge_guess(sqlite::Connection& connection, const std::string& subject,
                                         const std::string& flow_id, Time now, const OtpLimits& limits);

/// OtpStore::consume within a write job.
bool consume_code(sqlite::Connection& connection, const std::string& subject, const std::string& id,
                  Time now);

}  // namespace ping::ephemeral
