#include "ping/storage/sqlite/user_store.hpp"

#include "ping/storage/case_fold.hpp"
#include "storage/sqlite/rows.hpp"

namespace ping::storage {
namespace {

using sqlite::Connection;

// Greater than every text that begins with the prefix before it.
constexpr std::string_view last_code_point = "\xF4\x8F\xBF\xBF";

std::optional<User> find(Connection& connection, UserId id) {
    auto query = connection.prepare(
        "SELECT id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at"
        " FROM users WHERE id = ?");
    query.bind(id);
    return query.step() ? std::optional(read_user(query)) : std::nullopt;
}

std::vector<User> read_all(sqlite::Statement& query) {
    std::vector<User> users;
    while (query.step()) {
        users.push_back(read_user(query));
    }
    return users;
}

std::vector<User> list_all(Connection& connection, UserId after, int limit) {
    auto query = connection.prepare(
        "SELECT id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at"
        " FROM users WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(after).bind(limit);
    return read_all(query);
}

// The index alone finds the ids of the page; only their rows are read.
std::vector<User> list_by_prefix(Connection& connection, const std::string& prefix, UserId after, int limit) {
    auto query = connection.prepare(
        "SELECT id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at FROM users"
        " WHERE id IN (SELECT id FROM users WHERE name_folded >= ? AND name_folded < ? AND id > ?"
        " ORDER BY id LIMIT ?) ORDER BY id");
    query.bind(prefix).bind(prefix + std::string(last_code_point)).bind(after).bind(limit);
    return read_all(query);
}

}  // namespace

Task<Result<User>> SqliteUserStore::get(UserId id) {
    return database_.read<User>([id](Connection& connection) -> Result<User> {
        auto user = find(connection, id);
        if (!user) {
            return errors::not_found("User not found");
        }
        return std::move(*user);
    });
}

Task<Result<std::vector<User>>> SqliteUserStore::get_many(std::vector<UserId> ids) {
    using Users = std::vector<User>;
    return database_.read<Users>([ids = std::move(ids)](Connection& connection) -> Result<Users> {
        Users users;
        users.reserve(ids.size());
        for (const auto& id : ids) {
            if (auto user = find(connection, id)) {
                users.push_back(std::move(*user));
            }
        }
        return users;
    });
}

Task<Result<std::vector<User>>> SqliteUserStore::list(UserQuery query) {
    using Users = std::vector<User>;
    return database_.read<Users>([query = std::move(query)](Connection& connection) -> Result<Users> {
        const UserId after = query.after.value_or(UserId());
        if (query.search.empty()) {
            return list_all(connection, after, query.limit);
        }
        return list_by_prefix(connection, fold_case(query.search), after, query.limit);
    });
}

Task<Result<User>> SqliteUserStore::rename(UserId id, std::string name, Time now) {
    return database_.write<User>([id, name = std::move(name), now](Connection& connection) -> Result<User> {
        connection.prepare("UPDATE users SET name = ?, name_folded = ?, updated_at = ? WHERE id = ?")
            .bind(name)
            .bind(fold_case(name))
            .bind(now)
            .bind(id)
            .run();
        auto user = find(connection, id);
        if (!user) {
            return errors::not_found("User not found");
        }
        return std::move(*user);
    });
}

}  // namespace ping::storage
