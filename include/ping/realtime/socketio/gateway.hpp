#pragma once

#include "ping/core/config.hpp"
#include "ping/realtime/authenticate.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/open_chats.hpp"
#include "ping/realtime/socketio/chat_link.hpp"
#include "ping/realtime/socketio/server.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace ping::realtime::socketio {

class Member;
class Reconnects;

/// Whether there is a user of this id.
using FindUser = std::function<Task<Result<bool>>(UserId)>;

/// What the connections need; all of it outlives them.
struct Services {
    Loop& loop;
    Hub& hub;
    OpenChats& open_chats;
    const EventRouter& events;
    OutboxFlusher& flusher;
    TaskGroup& tasks;
    Rng& rng;
    ChatLink& chats;
    Authenticate authenticate;
    FindUser find_user;  ///< asked only where `trusts_query_user_id`
    Config::Limits limits;
    bool trusts_query_user_id = false;
};

/// Ping's events over Socket.IO (API.md §4 and §6): the same hub and the same events as on the native socket,
/// another codec. Loop thread.
class Gateway {
public:
    static constexpr std::size_t packet_bytes = 1'000'000;  ///< of a client that has said who it is

    Gateway(Services services, Metrics& metrics);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// For `mount_engine` and the stop.
    Engine& engine() { return server_->engine(); }
    /// A message goes out to these people: those who were here a moment ago will want it.
    void note_message(std::span<const UserId> recipients, const MessagePlace& message);

private:
    friend class Member;
    friend class Visitor;
    void add(Member& member);
    void remove(const Member& member);
    Member* find(UserId user, ConnectionId id) const;
    void doubt_others(const Member& newcomer);

    Services services_;
    std::unique_ptr<Reconnects> reconnects_;
    std::unordered_map<UserId, std::vector<Member*>> members_;
    std::unique_ptr<Server> server_;
};

}  // namespace ping::realtime::socketio
