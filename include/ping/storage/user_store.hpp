#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/user.hpp"
#include "ping/runtime/task.hpp"

#include <vector>

namespace ping::storage {

struct UserQuery {
    std::string search;           ///< prefix of the case-folded name; empty: everyone
    std::optional<UserId> after;  ///< keyset: users whose id is greater
    int limit = 1000;
};

/// People. All calls are made on the loop thread and resume there. Every call may also fail with
/// `unavailable` (the store cannot be reached, or its queue is full), `storage_full` or `internal`.
class UserStore {
public:
    virtual ~UserStore() = default;

    /// not_found when there is no such user.
    virtual Task<Result<User>> get(UserId id) = 0;
    /// In the order of `ids`; ids of nobody are left out.
    virtual Task<Result<std::vector<User>>> get_many(std::vector<UserId> ids) = 0;
    /// Ordered by id.
    virtual Task<Result<std::vector<User>>> list(UserQuery query) = 0;
    /// The user after the change; not_found.
    virtual Task<Result<User>> rename(UserId id, std::string name, Time now) = 0;
};

}  // namespace ping::storage
