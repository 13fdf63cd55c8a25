#include "ping/storage/sqlite/session_store.hpp"

#include "ping/storage/case_fold.hpp"
#include "storage/sqlite/rows.hpp"

namespace ping::storage {
namespace {

using sqlite::Connection;

std::optional<User> find_by_email(Connection& connection, const std::string& email) {
    auto query = connection.prepare(
        "SELECT id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at"
        " FROM users WHERE email = ?");
    query.bind(email);
    return query.step() ? std::optional(read_user(query)) : std::nullopt;
}

User insert_user(Connection& connection, const Login& login) {
    User user;
    user.id = login.fresh_user;
    user.name = login.fresh_name;
    user.email = login.email;
    user.created_at = login.now;
    user.updated_at = login.now;
    connection
        .prepare(
            "INSERT INTO users (id, name, name_folded, email, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?)")
        .bind(user.id)
        .bind(user.name)
        .bind(fold_case(user.name))
        .bind(user.email)
        .bind(user.created_at)
        .bind(user.updated_at)
        .run();
    return user;
}

/// False when the code has opened a session before.
bool insert_session(Connection& connection, const Session& session) {
    connection
        .prepare(
            "INSERT INTO sessions (id, user_id, otp_id, device, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (otp_id) DO NOTHING")
        .bind(session.id)
        .bind(session.user)
        .bind(session.otp_id)
        .bind(session.device)
        .bind(session.created_at)
        .bind(session.expires_at)
        .run();
    return connection.changes() == 1;
}

// A session's code is long dead when the session itself has expired: nothing can be replayed with it.
void delete_expired(Connection& connection, UserId user, Time now) {
    connection.prepare("DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?")
        .bind(user)
        .bind(now - kept_after_end)
        .run();
}

void set_revoked(Connection& connection, SessionId session, Time now) {
    connection.prepare("UPDATE sessions SET revoked_at = ? WHERE id = ?").bind(now).bind(session).run();
}

/// The end of a live session's tokens.
std::optional<Time> find_end(Connection& connection, UserId user, SessionId session, Time now) {
    auto query = connection.prepare(
        "SELECT expires_at FROM sessions"
        " WHERE id = ? AND user_id = ? AND revoked_at IS NULL AND expires_at > ?");
    query.bind(session).bind(user).bind(now);
    return query.step() ? std::optional(query.time(0)) : std::nullopt;
}

/// Newest first.
std::vector<Session> live_sessions(Connection& connection, UserId user, Time now) {
    auto query = connection.prepare(
        "SELECT id, user_id, otp_id, device, created_at, expires_at, revoked_at, last_seen_at FROM sessions"
        " WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY created_at DESC, id DESC");
    query.bind(user).bind(now);
    return query.collect(read_session);
}

/// The new session stays, even when a clock that went back makes it look old.
std::vector<EndedSession> evict_oldest(Connection& connection, const Session& fresh, int max_sessions,
                                       Time now) {
    std::vector<EndedSession> evicted;
    int kept = 1;
    for (const auto& session : live_sessions(connection, fresh.user, now)) {
        if (session.id == fresh.id || kept++ < max_sessions) {
            continue;
        }
        set_revoked(connection, session.id, now);
        evicted.push_back({session.id, session.expires_at});
    }
    return evicted;
}

Result<OpenedSession> open_session(Connection& connection, const Login& login) {
    OpenedSession opened;
    auto known = find_by_email(connection, login.email);
    opened.user_created = !known;
    opened.user = known ? std::move(*known) : insert_user(connection, login);
    opened.session = Session{.id = login.session,
                             .user = opened.user.id,
                             .otp_id = login.otp_id,
                             .device = login.device,
                             .created_at = login.now,
                             .expires_at = login.expires_at,
                             .revoked_at = std::nullopt,
                             .last_seen_at = std::nullopt};
    if (!insert_session(connection, opened.session)) {
        return errors::conflict("The code has been used already", "code_used");
    }
    if (!opened.user_created) {
        delete_expired(connection, opened.user.id, login.now);
        opened.evicted = evict_oldest(connection, opened.session, login.max_sessions, login.now);
    }
    return opened;
}

}  // namespace

Task<Result<OpenedSession>> SqliteSessionStore::open(Login login) {
    return database_.write<OpenedSession>(
        [login = std::move(login)](Connection& connection) { return open_session(connection, login); });
}

Task<Result<std::optional<EndedSession>>> SqliteSessionStore::revoke(UserId user, SessionId session,
                                                                     Time now) {
    using Ended = std::optional<EndedSession>;
    return database_.write<Ended>([=](Connection& connection) -> Result<Ended> {
        const auto end = find_end(connection, user, session, now);
        if (!end) {
            return Ended();
        }
        set_revoked(connection, session, now);
        return Ended({session, *end});
    });
}

Task<Result<std::vector<EndedSession>>> SqliteSessionStore::revoke_all(UserId user, Time now) {
    using Ended = std::vector<EndedSession>;
    return database_.write<Ended>([=](Connection& connection) -> Result<Ended> {
        Ended ended;
        for (const auto& session : live_sessions(connection, user, now)) {
            set_revoked(connection, session.id, now);
            ended.push_back({session.id, session.expires_at});
        }
        return ended;
    });
}

Task<Result<std::vector<Session>>> SqliteSessionStore::list(UserId user, Time now) {
    using Sessions = std::vector<Session>;
    return database_.read<Sessions>(
        [=](Connection& connection) -> Result<Sessions> { return live_sessions(connection, user, now); });
}

Task<Result<std::vector<EndedSession>>> SqliteSessionStore::list_revoked(Time now) {
    using Ended = std::vector<EndedSession>;
    return database_.read<Ended>([=](Connection& connection) -> Result<Ended> {
        auto query = connection.prepare(
            "SELECT id, expires_at FROM sessions WHERE revoked_at IS NOT NULL AND expires_at > ?");
        query.bind(now - kept_after_end);
        return query.collect(
            [](const sqlite::Statement& row) { return EndedSession{row.id<SessionId>(0), row.time(1)}; });
    });
}

Task<Result<void>> SqliteSessionStore::note_seen(std::vector<SeenSession> sessions) {
    return database_.write<void>([sessions = std::move(sessions)](Connection& connection) -> Result<void> {
        for (const auto& session : sessions) {
            connection
                .prepare("UPDATE sessions SET last_seen_at = max(coalesce(last_seen_at, 0), ?) WHERE id = ?")
                .bind(session.at)
                .bind(session.id)
                .run();
        }
        return ok();
    });
}

}  // namespace ping::storage
