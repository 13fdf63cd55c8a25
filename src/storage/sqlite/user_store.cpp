#include "ping/storage/sqlite/user_store.hpp"

#include "ping/storage/case_fold.hpp"
#include "storage/sqlite/rows.hpp"

#include <functional>

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

std::vector<User> list_all(Connection& connection, UserId after, int limit) {
    auto query = connection.prepare(
        "SELECT id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at"
        " FROM users WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(after).bind(limit);
    return query.collect(read_user);
}

// The index holds the order of the pages: it is entered right behind the last one's end.
std::vector<User> list_by_prefix(Connection& connection, const std::string& prefix,
                                 const std::optional<UserCursor>& after, int limit) {
    const bool is_inside = after && after->name_folded >= prefix;
    auto query = connection.prepare(
        "SELECT id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at FROM users"
        " WHERE (name_folded, id) > (?, ?) AND name_folded < ? ORDER BY name_folded, id LIMIT ?");
    query.bind(is_inside ? after->name_folded : prefix)
        .bind(is_inside ? after->id : UserId())
        .bind(prefix + std::string(last_code_point))
        .bind(limit);
    return query.collect(read_user);
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
        if (query.search.empty()) {
            return list_all(connection, query.after ? query.after->id : UserId(), query.limit);
        }
        return list_by_prefix(connection, fold_case(query.search), query.after, query.limit);
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

Task<Result<void>> SqliteUserStore::note_last_seen(std::vector<LastSeen> people) {
    const std::function<Result<std::size_t>(Connection&)> note =
        [people = std::move(people)](Connection& connection) -> Result<std::size_t> {
        for (const auto& [user, at] : people) {
            connection
                .prepare(
                    "UPDATE users SET last_seen_at = ?"
                    " WHERE id = ? AND (last_seen_at IS NULL OR last_seen_at < ?)")
                .bind(at)
                .bind(user)
                .bind(at)
                .run();
        }
        return people.size();
    };
    const auto noted = co_await database_.write<std::size_t>(note);
    if (!noted) {
        co_return noted.error();
    }
    co_return ok();
}

}  // namespace ping::storage
