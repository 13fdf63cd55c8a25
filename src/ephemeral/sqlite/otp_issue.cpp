#include "ephemeral/sqlite/otp_issue.hpp"

#include "ephemeral/sqlite/otp_account.hpp"
#include "ephemeral/sqlite/otp_guess.hpp"

#include <algorithm>
#include <vector>

namespace ping::ephemeral {
namespace {

using sqlite::Connection;
using std::chrono::seconds;

constexpr std::chrono::hours hour{1};
constexpr std::chrono::hours day{24};

/// Rounded up, so that who waits that long is not early.
seconds wait_until(Time end, Time now) {
    return std::max(std::chrono::ceil<seconds>(end - now), seconds(0));
}

std::int64_t day_of(Time time) {
    return std::chrono::floor<std::chrono::days>(time.time_since_epoch()).count();
}

/// Newest first.
std::vector<Time> mails_of_a_day(Connection& connection, const OtpIssue& request) {
    std::vector<Time> mails;
    for (const auto time : {request.now, request.now - day}) {
        auto query = connection.prepare(
            "SELECT at FROM otp_mails WHERE day = ? AND mailbox = ? AND at > ? ORDER BY at DESC");
        query.bind(day_of(time)).bind(request.mailbox).bind(request.now - day);
        while (query.step()) {
            mails.push_back(query.time(0));
        }
    }
    return mails;
}

/// Until fewer than `limit` of the mails lie within `window`.
seconds wait_for_window(const std::vector<Time>& mails, int limit, std::chrono::hours window, Time now) {
    const auto nth = static_cast<std::size_t>(limit);
    return mails.size() < nth ? seconds(0) : wait_until(mails[nth - 1] + window, now);
}

seconds wait_for_quota(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    const auto mails = mails_of_a_day(connection, request);
    return std::max(wait_for_window(mails, limits.sends_per_hour, hour, request.now),
                    wait_for_window(mails, limits.sends_per_day, day, request.now));
}

void store_mail(Connection& connection, const OtpIssue& request) {
    connection.prepare("INSERT INTO otp_mails (day, mailbox, at, id) VALUES (?, ?, ?, ?)")
        .bind(day_of(request.now))
        .bind(request.mailbox)
        .bind(request.now)
        .bind(request.id)
        .run();
}

// A few more than one issue adds, as in purge_accounts.
void purge_mails(Connection& connection, Time now) {
    connection
        .prepare(
            "DELETE FROM otp_mails WHERE (day, mailbox, at, id) IN"
            " (SELECT day, mailbox, at, id FROM otp_mails WHERE day < ? LIMIT 4)")
        .bind(day_of(now - day))
        .run();
}

}  // namespace

OtpIssued issue_code(Connection& connection, const OtpIssue& request, const OtpLimits& limits) {
    purge_accounts(connection, request.now);
    purge_mails(connection, request.now);
    forget_hours(connection, request.now);
    if (const auto account = find_account(connection, request.subject)) {
        const auto lock =
            std::chrono::ceil<seconds>(wait_left(account->locked_until, request.now, longest_lock));
        if (lock > seconds(0)) {
            return {OtpIssueOutcome::locked, lock};
        }
        const auto may_ask_again = account->issued_at + limits.resend_after;
        const auto wait =
            std::chrono::ceil<seconds>(wait_left(may_ask_again, request.now, limits.resend_after));
        if (wait > seconds(0)) {
            return {OtpIssueOutcome::wait, wait};
        }
    }
    if (const auto wait = wait_for_quota(connection, request, limits); wait > seconds(0)) {
        return {OtpIssueOutcome::quota, wait};
    }
    store_code(connection, request, limits);
    store_mail(connection, request);
    return {OtpIssueOutcome::issued, seconds(0)};
}

void withdraw_code(Connection& connection, const std::string& subject, const std::string& id) {
    auto query =
        connection.prepare("SELECT mailbox, issued_at FROM otp_accounts WHERE subject = ? AND id = ?");
    query.bind(subject).bind(id);
    if (!query.step()) {
        return;
    }
    connection.prepare("DELETE FROM otp_mails WHERE day = ? AND mailbox = ? AND at = ? AND id = ?")
        .bind(day_of(query.time(1)))
        .bind(query.text(0))
        .bind(query.time(1))
        .bind(id)
        .run();
    connection.prepare("UPDATE otp_accounts SET is_live = 0, issued_at = 0 WHERE subject = ?")
        .bind(subject)
        .run();
}

}  // namespace ping::ephemeral
