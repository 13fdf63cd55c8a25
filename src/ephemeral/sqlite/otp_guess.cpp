#include "ephemeral/sqlite/otp_guess.hpp"

#include "ephemeral/sqlite/otp_account.hpp"
#include "ping/core/failpoint.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace ping::ephemeral {
namespace {

using sqlite::Connection;

// The account of nobody that pays for refused guesses: migration 4.
constexpr std::string_view nobody = " refused";

/// One row changes, whoever pays.
void pay(Connection& connection, std::string_view subject, bool is_bound, int failures, Time now,
         std::chrono::seconds lock) {
    connection
        .prepare(
            "UPDATE otp_accounts SET bound_guesses = bound_guesses + ?,"
            " unbound_guesses = unbound_guesses + ?, failures = ?, failed_at = ?, locked_until = ?"
            " WHERE subject = ?")
        .bind(is_bound ? 1 : 0)
        .bind(is_bound ? 0 : 1)
        .bind(failures)
        .bind(now)
        .bind(lock > lock.zero() ? now + lock : no_lock(now))
        .bind(subject)
        .run();
}

std::int64_t hour_of(Time now) {
    return std::chrono::floor<std::chrono::hours>(now.time_since_epoch()).count();
}

/// Counts one guess in the hour's row.
void count_guess(Connection& connection, Time now, bool is_paid) {
    connection
        .prepare(
            "INSERT INTO otp_hours (hour, failed, refused) VALUES (?, ?, ?) ON CONFLICT (hour) DO UPDATE"
            " SET failed = failed + excluded.failed, refused = refused + excluded.refused")
        .bind(hour_of(now))
        .bind(is_paid ? 1 : 0)
        .bind(is_paid ? 0 : 1)
        .run();
}

std::int64_t failures_of_all(Connection& connection, Time now) {
    auto query = connection.prepare("SELECT coalesce(sum(failed), 0) FROM otp_hours WHERE hour > ?");
    query.bind(hour_of(now) - hours_that_count);
    query.step();
    return query.integer(0);
}

struct Charge {
    std::optional<OtpChallenge> challenge;  ///< nothing: refused
    std::int64_t failures_of_all = 0;
};

Charge charge_guess(Connection& connection, const OtpGuess& guess, const OtpLimits& limits) {
    auto account = find_account(connection, guess.subject);
    if (!account) {
        account = find_account(connection, std::string(nobody));  // has no live code; read for its time (T11)
    }
    const bool is_bound = !guess.flow_id.empty();
    const bool is_payable =
        account && has_code(*account, guess.now, limits) && !is_locked(*account, guess.now) &&
        (!is_bound || guess.flow_id == account->code.id) &&
        (is_bound ? account->bound_guesses : account->unbound_guesses) < limits.guesses_per_code;
    count_guess(connection, guess.now, is_payable);
    Charge charge;
    charge.failures_of_all = failures_of_all(connection, guess.now);
    const int failures = is_payable ? account->failures + 1 : 0;
    pay(connection, is_payable ? std::string_view(guess.subject) : nobody, is_bound, failures, guess.now,
        lock_after(failures, charge.failures_of_all, limits));
    if (is_payable) {
        charge.challenge = std::move(account->code);
    }
    return charge;
}

/// The code was charged in the same write, so it is live and its hour has a failure.
void spend(Connection& connection, const OtpGuess& guess) {
    connection
        .prepare("UPDATE otp_accounts SET is_live = 0, failures = 0, locked_until = ? WHERE subject = ?")
        .bind(no_lock(guess.now))
        .bind(guess.subject)
        .run();
    connection.prepare("UPDATE otp_hours SET failed = failed - 1 WHERE hour = ?")
        .bind(hour_of(guess.now))
        .run();
}

}  // namespace

OtpGuessed guess_code(Connection& connection, const OtpGuess& guess, const OtpLimits& limits) {
    auto [challenge, failures_of_all] = charge_guess(connection, guess, limits);
    PING_FAILPOINT(V1);
    const bool is_right = guess.is_right(challenge ? *challenge : nobodys_challenge());
    if (!challenge) {
        return {OtpVerdict::refused, {}, failures_of_all};
    }
    if (!is_right) {
        return {OtpVerdict::wrong, {}, failures_of_all};
    }
    spend(connection, guess);
    return {OtpVerdict::right, std::move(challenge->id), failures_of_all};
}

void forget_hours(Connection& connection, Time now) {
    connection.prepare("DELETE FROM otp_hours WHERE hour <= ?").bind(hour_of(now) - hours_that_count).run();
}

}  // namespace ping::ephemeral
