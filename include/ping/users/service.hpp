#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/domain/user.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/user_store.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ping::users {

struct Page {
    std::vector<User> users;
    std::optional<UserId> next;  ///< where the next page starts; nothing on the last one
};

/// People: who they are and how they are found. Loop thread.
class Service {
public:
    Service(storage::UserStore& store, const Clock& clock) : store_(store), clock_(clock) {}

    Task<Result<User>> get(UserId id);
    Task<Result<Page>> list(storage::UserQuery query);
    /// Those of `ids` that exist, by id.
    Task<Result<std::unordered_map<UserId, User>>> get_many(std::vector<UserId> ids);
    /// Cleans the name (core/validate.hpp) and stores it. invalid when nothing fit is left.
    Task<Result<User>> rename(UserId id, std::string name);

private:
    storage::UserStore& store_;
    const Clock& clock_;
};

}  // namespace ping::users
