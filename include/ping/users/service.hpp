#pragma once

#include "ping/bus/event_bus.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/domain/user.hpp"
#include "ping/runtime/rate_limiter.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/chat_store.hpp"
#include "ping/storage/user_store.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ping::users {

struct Page {
    std::vector<User> users;
    std::optional<storage::UserCursor> next;  ///< where the next page starts; nothing on the last one
};

/// People: who they are and how they are found. Loop thread.
class Service {
public:
    struct Ports {
        storage::UserStore& store;
        storage::ChatStore& chats;
        bus::EventBus& bus;
        const Clock& clock;
    };
    Service(Ports ports, const Config::Limits& limits);

    Task<Result<User>> get(UserId id);
    Task<Result<Page>> list(storage::UserQuery query);
    /// Those of `ids` that exist, by id.
    Task<Result<std::unordered_map<UserId, User>>> get_many(std::vector<UserId> ids);
    /// Cleans the name (core/validate.hpp), stores it and tells those who share a chat with the user, and the
    /// user's own connections, by `userUpdated`. invalid when nothing fit is left; rate_limited.
    Task<Result<User>> rename(UserId id, std::string name);

private:
    Task<> tell(User user);

    Ports ports_;
    RateLimiter renames_per_user_;
};

}  // namespace ping::users
