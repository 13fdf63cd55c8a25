#include "ephemeral/sqlite/otp_issue.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace ping::ephemeral {
namespace {

using sqlite::Connection;
using std::chrono::seconds;

constexpr std::chrono::hours hour{1};
constexpr std::chrono::hours day{24};

template <std::size_t Size>
std::string_view as_bytes(const std::array<std::uint8_t, Size>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Rounded up, so that who waits that long is not early.
seconds wait_until(Time end, Time now) {
    return std::max(std::chrono::ceil<seconds>(end - now), seconds(0));
}

seconds wait_for_lock(Connection& connection, const OtpIssue& request) {
    auto query = connection.prepare("SELECT locked_until FROM otp_failures WHERE subject = ?");
    query.bind(request.subject);
    return query.step() ? wait_until(query.time(0), request.now) : seconds(0);
}

seconds wait_for_resend(Connection& connection, const OtpIssue& request) {
    auto query = connection.prepare("SELECT expires_at FROM otp_resend_locks WHERE subject = ?");
    query.bind(request.subject);
    return query.step() ? wait_until(query.time(0), request.now) : seconds(0);
}

/// Newest first.
std::vector<Time> sends_of_a_day(Connection& connection, const OtpIssue& request) {
    auto query = connection.prepare("SELECT at FROM otp_sends WHERE mailbox = ? AND at > ? ORDER BY at DESC");
    query.bind(request.mailbox).bind(request.now - day);
    std::vector<Time> sends;
    while (query.step()) {
        sends.push_back(query.time(0));
    }
    return sends;
}

/// Until fewer than `limit` of the sends lie within `window`.
seconds wait_for_window(const std::vector<Time>& sends, int limit, std::chrono::hours window, Time now) {
    const auto nth = static_cast<std::size_t>(limit);
    return sends.size() < nth ? seconds(0) : wait_until(sends[nth - 1] + window, now);
}

seconds wait_for_quota(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    const auto sends = sends_of_a_day(connection, request);
    return std::max(wait_for_window(sends, limits.sends_per_hour, hour, request.now),
                    wait_for_window(sends, limits.sends_per_day, day, request.now));
}

void store_code(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    connection
        .prepare(
            "INSERT OR REPLACE INTO otp_codes (subject, id, key_id, nonce, mac, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?)")
        .bind(request.subject)
        .bind(request.id)
        .bind(request.key_id)
        .bind_blob(as_bytes(request.nonce))
        .bind_blob(as_bytes(request.mac))
        .bind(request.now + limits.lifetime)
        .run();
}

void store_send(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    connection.prepare("INSERT OR REPLACE INTO otp_resend_locks (subject, id, expires_at) VALUES (?, ?, ?)")
        .bind(request.subject)
        .bind(request.id)
        .bind(request.now + limits.resend_after)
        .run();
    connection.prepare("INSERT INTO otp_sends (mailbox, at, id) VALUES (?, ?, ?)")
        .bind(request.mailbox)
        .bind(request.now)
        .bind(request.id)
        .run();
}

// A few more than one issue adds: the tables shrink while codes are asked for, and no issue takes long.
void purge(Connection& connection, Time now) {
    connection
        .prepare(
            "DELETE FROM otp_codes WHERE subject IN"
            " (SELECT subject FROM otp_codes WHERE expires_at <= ? ORDER BY expires_at LIMIT 4)")
        .bind(now)
        .run();
    connection
        .prepare(
            "DELETE FROM otp_resend_locks WHERE subject IN"
            " (SELECT subject FROM otp_resend_locks WHERE expires_at <= ? ORDER BY expires_at LIMIT 4)")
        .bind(now)
        .run();
    connection
        .prepare(
            "DELETE FROM otp_sends WHERE (mailbox, at, id) IN"
            " (SELECT mailbox, at, id FROM otp_sends WHERE at <= ? ORDER BY at LIMIT 4)")
        .bind(now - day)
        .run();
    connection
        .prepare(
            "DELETE FROM otp_failures WHERE subject IN"
            " (SELECT subject FROM otp_failures WHERE forget_at <= ? ORDER BY forget_at LIMIT 4)")
        .bind(now)
        .run();
}

}  // namespace

OtpIssued issue_code(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    purge(connection, request.now);
    if (const auto wait = wait_for_lock(connection, request); wait > seconds(0)) {
        return {OtpIssueOutcome::locked, wait};
    }
    if (const auto wait = wait_for_resend(connection, request); wait > seconds(0)) {
        return {OtpIssueOutcome::wait, wait};
    }
    if (const auto wait = wait_for_quota(connection, request, limits); wait > seconds(0)) {
        return {OtpIssueOutcome::quota, wait};
    }
    store_code(connection, request, limits);
    store_send(connection, request, limits);
    return {OtpIssueOutcome::issued, seconds(0)};
}

}  // namespace ping::ephemeral
