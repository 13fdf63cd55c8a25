#pragma once

#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/metrics.hpp"
#include "ping/http/upgrade.hpp"
#include "ping/realtime/authenticate.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/outbox.hpp"
#include "ping/realtime/web_socket_host.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task_group.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_set>

namespace ping::realtime::native {

class Session;

/// What the sessions need; all of it outlives them.
struct Services {
    Loop& loop;
    Hub& hub;
    const EventRouter& events;
    OutboxFlusher& flusher;
    TaskGroup& tasks;
    Authenticate authenticate;
    Config::Limits limits;
    std::string_view session_cookie;  ///< name of the cookie that may hold the token
};

/// The native WebSocket endpoint (API.md §5): makes a session of each upgraded connection and knows them all,
/// the ones that have not said who they are included. Loop thread.
class Gateway {
public:
    explicit Gateway(Services services, Metrics& metrics);
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Answers the handshake and starts the session. Returns when the session is on its own.
    Task<> accept(http::Upgrade upgrade);
    /// Starts closing every session.
    void close_all(CloseReason reason);
    /// Resumes when all have ended, or at most half a second after `limit`, when the rest is cut off: what is
    /// left then is logged. No session may outlive the gateway; those left wait for an event's answer.
    Task<> drain(std::chrono::milliseconds limit);
    /// Sockets that are not over yet.
    std::size_t size() const { return host_.size(); }

private:
    friend class Session;
    void add(Session& session) { sessions_.insert(&session); }
    void remove(Session& session);
    void note_end();
    bool is_empty() const { return sessions_.empty() && host_.size() == 0; }
    Task<> wait_until_empty(std::chrono::milliseconds limit);

    Services services_;
    WebSocketHost host_;
    std::unordered_set<Session*> sessions_;
    AsyncEvent empty_;
    const FramePtr ping_frame_;  ///< the same bytes for all
};

}  // namespace ping::realtime::native
