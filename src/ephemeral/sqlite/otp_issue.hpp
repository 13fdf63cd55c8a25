#pragma once

#include "ping/ephemeral/otp_store.hpp"
#include "ping/sqlite/statement.hpp"

namespace ping::ephemeral {

/// OtpStore::issue within a write job. Also deletes some rows of the past, so that nobody has to sweep.
OtpIssued issue_code(sqlite::Connection& connection, const OtpIssue& request, const OtpLimits& limits);

/// OtpStore::withdraw within a write job.
void withdraw_code(sqlite::Connection& connection, const std::string& subject, const std::string& id);

}  // namespace ping::ephemeral
