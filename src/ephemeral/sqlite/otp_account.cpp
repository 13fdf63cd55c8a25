#include "ephemeral/sqlite/otp_account.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

namespace ping::ephemeral {
namespace {

using sqlite::Connection;

template <std::size_t Size>
std::array<std::uint8_t, Size> to_array(const std::string& bytes) {
    std::array<std::uint8_t, Size> array{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), Size), array.begin());
    return array;
}

template <std::size_t Size>
std::string_view as_bytes(const std::array<std::uint8_t, Size>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct OldAccount {
    std::string subject;
    Time kept_until;
};

// A few more than one issue adds: the table shrinks while codes are asked for, and no issue takes long.
std::vector<OldAccount> find_old(Connection& connection, Time now) {
    auto query = connection.prepare(
        "SELECT subject, failures, failed_at FROM otp_accounts WHERE check_at <= ?"
        " ORDER BY check_at LIMIT 4");
    query.bind(now);
    std::vector<OldAccount> accounts;
    while (query.step()) {
        const bool has_failed = query.integer(1) > 0;
        accounts.push_back({query.text(0), has_failed ? query.time(2) + forget_failures_after : now});
    }
    return accounts;
}

}  // namespace

std::optional<OtpAccount> find_account(Connection& connection, const std::string& subject) {
    auto query = connection.prepare(
        "SELECT id, key_id, nonce, mac, is_live, issued_at, bound_guesses, unbound_guesses, failures,"
        " locked_until FROM otp_accounts WHERE subject = ?");
    query.bind(subject);
    if (!query.step()) {
        return std::nullopt;
    }
    OtpAccount account;
    account.code.id = query.text(0);
    account.code.key_id = query.text(1);
    account.code.nonce = to_array<std::tuple_size_v<OtpNonce>>(query.blob(2));
    account.code.mac = to_array<std::tuple_size_v<OtpMac>>(query.blob(3));
    account.is_live = query.integer(4) != 0;
    account.issued_at = query.time(5);
    account.bound_guesses = static_cast<int>(query.integer(6));
    account.unbound_guesses = static_cast<int>(query.integer(7));
    account.failures = static_cast<int>(query.integer(8));
    account.locked_until = query.time(9);
    return account;
}

void store_code(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    connection
        .prepare(
            "INSERT INTO otp_accounts (subject, mailbox, id, key_id, nonce, mac,"
            " is_live, issued_at, check_at, failed_at, locked_until)"
            " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET"
            " mailbox = excluded.mailbox, id = excluded.id, key_id = excluded.key_id, nonce = excluded.nonce,"
            " mac = excluded.mac, is_live = 1, issued_at = excluded.issued_at, bound_guesses = 0,"
            " unbound_guesses = 0, check_at = excluded.check_at")
        .bind(request.subject)
        .bind(request.mailbox)
        .bind(request.id)
        .bind(request.key_id)
        .bind_blob(as_bytes(request.nonce))
        .bind_blob(as_bytes(request.mac))
        .bind(request.now)
        .bind(request.now + std::max(limits.lifetime, limits.resend_after))
        .bind(request.now)
        .bind(no_lock(request.now))
        .run();
}

void purge_accounts(Connection& connection, Time now) {
    for (const auto& account : find_old(connection, now)) {
        if (account.kept_until > now) {
            connection.prepare("UPDATE otp_accounts SET check_at = ? WHERE subject = ?")
                .bind(account.kept_until)
                .bind(account.subject)
                .run();
        } else {
            connection.prepare("DELETE FROM otp_accounts WHERE subject = ?").bind(account.subject).run();
        }
    }
}

}  // namespace ping::ephemeral
