#pragma once

#include "ping/bus/event_bus.hpp"
#include "ping/chats/types.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/core/metrics.hpp"
#include "ping/runtime/rate_limiter.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/chat_store.hpp"
#include "ping/users/service.hpp"

namespace ping::chats {

/// The rules of chats: who may do what, what is stored, who hears of it. Order of a send: store durably,
/// announce to the members' connections, answer the sender. Loop thread. Errors of the store (not_found,
/// forbidden) pass through.
class Service {
public:
    struct Ports {
        storage::ChatStore& store;
        users::Service& users;
        bus::EventBus& bus;
        const Clock& clock;
        IdGenerator& ids;
    };
    Service(Ports ports, const Config::Limits& limits, Metrics& metrics);

    /// The direct chat of two people, made when missing. invalid for oneself, not_found for nobody.
    Task<Result<storage::DirectChat>> create(UserId creator, UserId other);
    Task<Result<RowPage>> list(UserId reader, storage::ChatPage page);
    /// invalid for an empty or too long text or a bad client id; rate_limited; unprocessable for a client id
    /// that came with another text.
    Task<Result<Sent>> send(SendRequest request);
    Task<Result<HistoryPage>> history(storage::HistoryQuery query);
    /// Moves the reader's watermark; the authors get `messagesSeen`, the reader's connections `unread`.
    Task<Result<storage::ReadMove>> mark_read(UserId reader, ChatId chat, Seq seq);

private:
    void announce(const storage::AppendedMessage& appended);
    void announce_seen(UserId reader, ChatId chat, const storage::ReadMove& move);

    Ports ports_;
    RateLimiter sends_per_user_;
    Counter& messages_;
};

}  // namespace ping::chats
