#pragma once

#include "ping/sqlite/database.hpp"
#include "ping/storage/user_store.hpp"

namespace ping::storage {

/// People in the SQLite file. The database outlives it.
class SqliteUserStore final : public UserStore {
public:
    explicit SqliteUserStore(sqlite::Database& database) : database_(database) {}

    Task<Result<User>> get(UserId id) override;
    Task<Result<std::vector<User>>> get_many(std::vector<UserId> ids) override;
    Task<Result<std::vector<User>>> list(UserQuery query) override;
    Task<Result<User>> rename(UserId id, std::string name, Time now) override;
    Task<Result<void>> note_last_seen(std::vector<LastSeen> people) override;

private:
    sqlite::Database& database_;
};

}  // namespace ping::storage
