#include "ephemeral/sqlite/otp_guess.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace ping::ephemeral {
namespace {

using sqlite::Connection;

constexpr std::chrono::hours forget_failures_after{30 * 24};

struct LiveCode {
    OtpChallenge challenge;
    int bound_guesses = 0;
    int unbound_guesses = 0;
};

struct Failures {
    int count = 0;
    Time locked_until;
};

template <std::size_t Size>
std::array<std::uint8_t, Size> to_array(const std::string& bytes) {
    std::array<std::uint8_t, Size> array{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), Size), array.begin());
    return array;
}

std::optional<LiveCode> find_live(Connection& connection, const std::string& subject, Time now) {
    auto query = connection.prepare(
        "SELECT id, key_id, nonce, mac, bound_guesses, unbound_guesses FROM otp_codes"
        " WHERE subject = ? AND expires_at > ?");
    query.bind(subject).bind(now);
    if (!query.step()) {
        return std::nullopt;
    }
    LiveCode code;
    code.challenge.id = query.text(0);
    code.challenge.key_id = query.text(1);
    code.challenge.nonce = to_array<std::tuple_size_v<OtpNonce>>(query.blob(2));
    code.challenge.mac = to_array<std::tuple_size_v<OtpMac>>(query.blob(3));
    code.bound_guesses = static_cast<int>(query.integer(4));
    code.unbound_guesses = static_cast<int>(query.integer(5));
    return code;
}

Failures find_failures(Connection& connection, const std::string& subject) {
    auto query = connection.prepare("SELECT failures, locked_until FROM otp_failures WHERE subject = ?");
    query.bind(subject);
    Failures failures;
    if (query.step()) {
        failures.count = static_cast<int>(query.integer(0));
        failures.locked_until = query.time(1);
    }
    return failures;
}

void pay_from_code(Connection& connection, const std::string& subject, bool is_bound) {
    connection
        .prepare(
            "UPDATE otp_codes SET bound_guesses = bound_guesses + ?, unbound_guesses = unbound_guesses + ?"
            " WHERE subject = ?")
        .bind(is_bound ? 1 : 0)
        .bind(is_bound ? 0 : 1)
        .bind(subject)
        .run();
}

void pay_from_account(Connection& connection, const std::string& subject, int failures, Time now,
                      const OtpLimits& limits) {
    connection
        .prepare(
            "INSERT INTO otp_failures (subject, failures, locked_until, forget_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures,"
            " locked_until = excluded.locked_until, forget_at = excluded.forget_at")
        .bind(subject)
        .bind(failures)
        .bind(now + lock_after(failures, limits))
        .bind(now + forget_failures_after)
        .run();
}

void count_refusal(Connection& connection) {
    connection.prepare("UPDATE otp_refusals SET refused = refused + 1 WHERE one = 1").run();
}

}  // namespace

std::optional<OtpChallenge> charge_guess(Connection& connection, const std::string& subject,
                                         const std::string& flow_id, Time now, const OtpLimits& limits) {
    // Both are always looked up: a refusal does not tell by its time what it was for.
    auto code = find_live(connection, subject, now);
    const auto failures = find_failures(connection, subject);
    const bool is_bound = !flow_id.empty();
    const bool is_payable =
        code && now >= failures.locked_until && (!is_bound || flow_id == code->challenge.id) &&
        (is_bound ? code->bound_guesses : code->unbound_guesses) < limits.guesses_per_code;
    if (!is_payable) {
        count_refusal(connection);
        return std::nullopt;
    }
    pay_from_code(connection, subject, is_bound);
    pay_from_account(connection, subject, failures.count + 1, now, limits);
    return std::move(code->challenge);
}

bool consume_code(Connection& connection, const std::string& subject, const std::string& id, Time now) {
    connection.prepare("DELETE FROM otp_codes WHERE subject = ? AND id = ? AND expires_at > ?")
        .bind(subject)
        .bind(id)
        .bind(now)
        .run();
    if (connection.changes() != 1) {
        return false;
    }
    connection.prepare("DELETE FROM otp_failures WHERE subject = ?").bind(subject).run();
    return true;
}

}  // namespace ping::ephemeral
