#pragma once

#include "ping/ephemeral/otp_store.hpp"
#include "ping/sqlite/statement.hpp"

namespace ping::ephemeral {

/// OtpStore::guess within a write job: its verdict leaves the store with the commit of its charge. Refused
/// and wrong guesses change two rows, so that their time does not tell them apart (T11); a right one changes
/// them once more.
OtpGuessed guess_code(sqlite::Connection& connection, const OtpGuess& guess, const OtpLimits& limits);

/// Deletes the counts of hours that `guess_code` no longer looks at.
void forget_hours(sqlite::Connection& connection, Time now);

}  // namespace ping::ephemeral
