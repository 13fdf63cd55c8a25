#pragma once

#include "ping/core/metrics.hpp"
#include "ping/crypto/random.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/upgrade.hpp"
#include "ping/realtime/connection.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/outbox.hpp"
#include "ping/realtime/web_socket_host.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/loop.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ping::realtime::socketio {

class EngineSession;

/// A session's transport as its listener uses it. Loop thread.
class EngineSocket {
public:
    /// 32 hex digits from the random source: who knows it may send and receive as this session.
    virtual const std::string& sid() const = 0;
    /// Queues messages, all of them back to back: text frames whose payload begins with the engine's `4`, and
    /// binary frames. Over the bound the session ends; nobody waits. Never calls the listener.
    virtual void send(std::span<const FramePtr> messages) = 0;
    /// Ends the session when what is queued has left. Never calls the listener before it returns.
    virtual void close(CloseReason reason) = 0;
    /// While busy, no more is read over a WebSocket and a POST is not answered.
    virtual void set_busy(bool is_busy) = 0;
    /// How large a packet may be from now on, in bytes; at first `EngineOptions::first_packet_bytes`.
    virtual void set_packet_bytes(std::size_t bytes) = 0;
    /// When the client last said something. Its end is no sign of life: it may arrive much later.
    virtual SteadyTime last_heard() const = 0;
    /// There is a reason to believe that the client is cut off: while it polls, its session ends unless a GET
    /// waits or comes within `patience` of when the answer to the last one should have arrived. Never calls
    /// the listener before it returns.
    virtual void end_unless_polled(std::chrono::milliseconds patience) = 0;

protected:
    ~EngineSocket() = default;
};

/// What a session's packets are for. Loop thread.
class EngineListener {
public:
    virtual ~EngineListener() = default;
    virtual void on_text(std::string_view message) = 0;
    virtual void on_bytes(std::string_view message) = 0;
    /// The session, begun by polling, goes on over a WebSocket. `handshake` is the request that opened it.
    virtual void on_upgraded(const http::Request& /*handshake*/) {}
    /// All that was sent so far has left over a WebSocket: the system has it.
    virtual void on_left() {}
    /// From what was sent so far on, `on_arrived` will be the proof that it has reached the client: the ping
    /// behind it has been answered, or by polling, the answer with it was followed by another GET.
    virtual void on_checkpoint() {}
    /// All that was sent before the last checkpoint has reached the client.
    virtual void on_arrived() {}
    /// Nothing follows. The socket is gone when this returns.
    virtual void on_closed(Departure how) = 0;
};

struct EngineOptions {
    std::chrono::milliseconds ping_interval{25'000};
    std::chrono::milliseconds ping_timeout{20'000};
    std::chrono::milliseconds upgrade_timeout{10'000};
    std::size_t max_packet_bytes = 1'000'000;    ///< as announced; also of a polling body
    std::size_t first_packet_bytes = 64 * 1024;  ///< until the listener allows more
    std::size_t sessions = 10'000;               ///< of all
    std::size_t sessions_per_client = 100;       ///< per address (IPv6: per /64); 0: no bound
    OutboxBounds outbox{};
};

/// What the engine needs; all of it outlives it.
struct EngineServices {
    Loop& loop;
    OutboxFlusher& flusher;
    Rng& rng;
};

/// Makes the listener of a new session from the request that opened it.
using EngineAccept =
    std::function<std::shared_ptr<EngineListener>(EngineSocket& socket, const http::Request& handshake)>;

/// The server's side of Engine.IO, protocol revision 4: long polling, WebSocket and the upgrade between them.
/// Knows all sessions by their sid; one session's requests come over any TCP connections. (API.md §6;
/// FIELD.md §3 has the behaviour case by case.) Loop thread.
class Engine {
public:
    Engine(EngineServices services, EngineOptions options, EngineAccept accept);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// For `http::RouteOptions::admit`: refuses a request before its body is read, or says how long that may
    /// be.
    std::optional<http::Response> admit(http::Request& request, std::size_t& body_limit);
    /// Answers GET and POST. A GET may wait as long as a session may be silent.
    Task<Result<http::Response>> handle(http::Request& request);
    /// For `http::Router::add_upgrade`: refuses a handshake.
    std::optional<http::Response> admit_upgrade(const http::Request& request);
    /// Takes over a WebSocket: a new session, or a session's upgrade.
    Task<> accept_upgrade(http::Upgrade upgrade);

    /// Starts closing every session.
    void close_all(CloseReason reason);
    /// Resumes when all have ended, or at most half a second after `limit`, when the rest is cut off. No
    /// session may outlive the engine.
    Task<> drain(std::chrono::milliseconds limit);
    std::size_t size() const { return sessions_.size(); }
    /// GETs that wait for something to say.
    std::size_t waiting_polls() const { return waiting_polls_; }

private:
    friend class EngineSession;

    std::shared_ptr<EngineSession> open(const http::Request& request);
    std::shared_ptr<EngineSession> find(const http::Request& request) const;
    std::optional<http::Response> refuse_handshake(const http::Request& request) const;
    void remove(EngineSession& session);
    void note_end();
    bool is_empty() const { return sessions_.empty() && host_.size() == 0; }
    Task<> wait_until_empty(std::chrono::milliseconds limit);

    EngineServices services_;
    const EngineOptions options_;
    EngineAccept accept_;
    std::unordered_map<std::string_view, std::shared_ptr<EngineSession>> sessions_;  ///< by their own sid
    std::unordered_map<std::string, std::size_t> clients_;                           ///< sessions per network
    WebSocketHost host_;
    std::size_t waiting_polls_ = 0;
    AsyncEvent empty_;
    const FramePtr ping_frame_;  ///< the same bytes for all
};

}  // namespace ping::realtime::socketio
