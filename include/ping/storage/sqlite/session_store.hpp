#pragma once

#include "ping/sqlite/database.hpp"
#include "ping/storage/session_store.hpp"

namespace ping::storage {

/// Logins in the SQLite file. The database outlives it.
class SqliteSessionStore final : public SessionStore {
public:
    explicit SqliteSessionStore(sqlite::Database& database) : database_(database) {}

    Task<Result<OpenedSession>> open(Login login) override;
    Task<Result<std::optional<EndedSession>>> revoke(UserId user, SessionId session, Time now) override;
    Task<Result<std::vector<EndedSession>>> revoke_all(UserId user, Time now) override;
    Task<Result<std::vector<Session>>> list(UserId user, Time now) override;
    Task<Result<std::vector<EndedSession>>> list_revoked(Time now) override;
    Task<Result<void>> note_seen(std::vector<SeenSession> sessions) override;

private:
    sqlite::Database& database_;
};

}  // namespace ping::storage
