#pragma once

#include "ping/ephemeral/otp_store.hpp"
#include "ping/sqlite/statement.hpp"

#include <optional>

namespace ping::ephemeral {

/// One row of otp_accounts: all that is known of an address that asks for codes.
struct OtpAccount {
    OtpChallenge code;
    bool is_live = false;  ///< neither spent nor withdrawn; whether it has expired is another question
    Time issued_at;
    int bound_guesses = 0;
    int unbound_guesses = 0;
    int failures = 0;  ///< since the last success
    Time locked_until;
};

/// When the lock of an account ends that has none. Not at 0, which takes no room: a row that becomes longer
/// takes longer than that of a refused guess does (T11). And so early that no clock that is put back makes a
/// lock of it.
inline Time no_lock(Time now) {
    return now - longest_lock;
}

/// The functions below are parts of write jobs.
std::optional<OtpAccount> find_account(sqlite::Connection& connection, const std::string& subject);

inline bool has_code(const OtpAccount& account, Time now, const OtpLimits& limits) {
    return account.is_live && now < account.issued_at + limits.lifetime;
}

inline bool is_locked(const OtpAccount& account, Time now) {
    return wait_left(account.locked_until, now, longest_lock) > std::chrono::milliseconds(0);
}

/// The new code takes the place of the old one; failures stay.
void store_code(sqlite::Connection& connection, const OtpIssue& request, const OtpLimits& limits);

/// Deletes some accounts that nobody needs any more, and puts off those whose failures still count.
void purge_accounts(sqlite::Connection& connection, Time now);

}  // namespace ping::ephemeral
