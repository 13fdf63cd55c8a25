#include "ping/ephemeral/sqlite/otp_store.hpp"

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

Task<Result<std::optional<OtpChallenge>>> SqliteOtpStore::charge(std::string subject, std::string flow_id,
                                                                 Time now) {
    using Challenge = std::optional<OtpChallenge>;
    return database_.write<Challenge>([subject = std::move(subject), flow_id = std::move(flow_id), now,
                                       limits = limits_](Connection& connection) -> Result<Challenge> {
        return charge_guess(connection, subject, flow_id, now, limits);
    });
}

Task<Result<bool>> SqliteOtpStore::consume(std::string subject, std::string id, Time now) {
    return database_.write<bool>(
        [subject = std::move(subject), id = std::move(id), now](Connection& connection) -> Result<bool> {
            return consume_code(connection, subject, id, now);
        });
}

Task<Result<void>> SqliteOtpStore::withdraw(std::string subject, std::string id) {
    return database_.write<void>([subject = std::move(subject),
                                  id = std::move(id)](Connection& connection) -> Result<void> {
        connection.prepare("DELETE FROM otp_codes WHERE subject = ? AND id = ?").bind(subject).bind(id).run();
        connection.prepare("DELETE FROM otp_resend_locks WHERE subject = ? AND id = ?")
            .bind(subject)
            .bind(id)
            .run();
        connection.prepare("DELETE FROM otp_sends WHERE id = ?").bind(id).run();
        return ok();
    });
}

Task<Result<std::optional<std::string>>> SqliteOtpStore::current(std::string subject, Time now) {
    using Id = std::optional<std::string>;
    return database_.read<Id>([subject = std::move(subject), now](Connection& connection) -> Result<Id> {
        auto query = connection.prepare("SELECT id FROM otp_codes WHERE subject = ? AND expires_at > ?");
        query.bind(subject).bind(now);
        return query.step() ? Id(query.text(0)) : Id();
    });
}

}  // namespace ping::ephemeral
