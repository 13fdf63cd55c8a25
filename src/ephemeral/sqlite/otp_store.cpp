#include "ping/ephemeral/sqlite/otp_store.hpp"

#include "ephemeral/sqlite/otp_account.hpp"
#include "ephemeral/sqlite/otp_guess.hpp"
#include "ephemeral/sqlite/otp_issue.hpp"

namespace ping::ephemeral {

using sqlite::Connection;

Task<Result<OtpIssued>> SqliteOtpStore::issue(OtpIssue request) {
    return database_.write<OtpIssued>(
        [request = std::move(request), limits = limits_](Connection& connection) -> Result<OtpIssued> {
            return issue_code(connection, request, limits);
        });
}

Task<Result<OtpGuessed>> SqliteOtpStore::guess(OtpGuess guess) {
    return database_.write<OtpGuessed>(
        [guess = std::move(guess), limits = limits_](Connection& connection) -> Result<OtpGuessed> {
            return guess_code(connection, guess, limits);
        });
}

Task<Result<void>> SqliteOtpStore::withdraw(std::string subject, std::string id) {
    return database_.write<void>(
        [subject = std::move(subject), id = std::move(id)](Connection& connection) -> Result<void> {
            withdraw_code(connection, subject, id);
            return ok();
        });
}

Task<Result<std::optional<std::string>>> SqliteOtpStore::current(std::string subject, Time now) {
    using Id = std::optional<std::string>;
    return database_.read<Id>(
        [subject = std::move(subject), now, limits = limits_](Connection& connection) -> Result<Id> {
            auto account = find_account(connection, subject);
            return account && has_code(*account, now, limits) ? Id(std::move(account->code.id)) : Id();
        });
}

}  // namespace ping::ephemeral
