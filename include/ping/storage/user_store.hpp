#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/user.hpp"
#include "ping/runtime/task.hpp"

#include <vector>

namespace ping::storage {

/// Where a page of users ended.
struct UserCursor {
    std::string name_folded;  ///< of its last user (case_fold.hpp); plays no part where everyone is listed
    UserId id;
};

struct UserQuery {
    std::string search;  ///< prefix of the name, whatever its case; empty: everyone
    std::optional<UserCursor> after;
    int limit = 1000;
};

/// When somebody was online last.
struct LastSeen {
    UserId user;
    Time at;
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
    /// Everyone is ordered by id, who is found by a search by folded name and id: each page costs as much as
    /// it holds, wherever it begins.
    virtual Task<Result<std::vector<User>>> list(UserQuery query) = 0;
    /// The user after the change; not_found.
    virtual Task<Result<User>> rename(UserId id, std::string name, Time now) = 0;
    /// Moves each one's last_seen_at forward, never back. Nothing else of the user changes; ids of nobody are
    /// passed over.
    virtual Task<Result<void>> note_last_seen(std::vector<LastSeen> people) = 0;
};

}  // namespace ping::storage
