#pragma once

#include "ping/core/error.hpp"
#include "ping/realtime/connection.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/socketio/engine.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ping::realtime::socketio {

class Client;

/// An event, either way. The arguments are JSON texts between commas, without brackets; empty: none. Each
/// placeholder in them (`{"_placeholder":true,"num":n}`) stands for an attachment.
struct Event {
    std::string name;
    std::string arguments{};
    std::vector<std::string> attachments{};
};

/// A client in one namespace, as its application uses it. What is sent after its end goes nowhere. Loop
/// thread.
class Socket {
public:
    virtual ~Socket() = default;
    virtual const std::string& id() const = 0;
    virtual const std::string& nsp() const = 0;
    virtual void emit(const Event& event) = 0;
    /// Sends an event that was encoded for many (`WireFormat::socketio`); of the main namespace only.
    virtual void send(const FramePtr& frame) = 0;
    /// Ends the client with all its namespaces. Its listeners are told later, never within the call.
    virtual void close(CloseReason reason) = 0;
    /// How large packets of this client may be from now on, in bytes.
    virtual void set_packet_bytes(std::size_t bytes) = 0;
    /// As of EngineSocket; also after its end, until its listener has been told.
    virtual SteadyTime last_heard() const = 0;
    /// As of EngineSocket.
    virtual void end_unless_polled(std::chrono::milliseconds patience) = 0;
};

/// The answer to one event. While it exists the event counts as unanswered, and a client with too many of
/// these is not read: keep it for as long as the event is worked on. Loop thread.
class Reply {
public:
    Reply(std::weak_ptr<Client> client, std::string nsp, std::optional<std::uint64_t> id);
    Reply(Reply&&) noexcept = default;
    Reply& operator=(Reply&&) = delete;
    ~Reply();

    /// Whether the client asked for an acknowledgement.
    bool is_wanted() const { return id_.has_value(); }
    /// Acknowledges with these arguments (as in Event), once; nothing happens when it is not wanted.
    void send(std::string arguments, std::vector<std::string> attachments = {});

private:
    std::weak_ptr<Client> client_;
    std::string nsp_;
    std::optional<std::uint64_t> id_;
};

/// What a socket's events are for. Loop thread.
class SocketListener {
public:
    virtual ~SocketListener() = default;
    /// The client has been told that it is connected: from here on events may be emitted.
    virtual void on_connected() {}
    virtual void on_event(Event event, Reply reply) = 0;
    // What becomes of what was sent: as in EngineListener.
    virtual void on_left() {}
    virtual void on_checkpoint() {}
    virtual void on_arrived() {}
    /// Nothing follows.
    virtual void on_disconnected(Departure how) = 0;
};

/// What becomes of one client. Loop thread.
class ClientListener {
public:
    virtual ~ClientListener() = default;
    /// The client, begun by polling, goes on over a WebSocket; `handshake` is the request that opened it.
    virtual void on_upgraded(const http::Request& /*handshake*/) {}
    /// The client wants to connect to a namespace that exists. `auth` is the text of a JSON object. An error
    /// is the refusal, and its message and slug are what the client gets. May wait: the client waits as well.
    virtual Task<Result<std::shared_ptr<SocketListener>>> on_connect(std::shared_ptr<Socket> socket,
                                                                     std::string auth) = 0;
    /// The client is gone: a decision that waits waits for nothing.
    virtual void on_closed() {}
};

struct ServerOptions {
    EngineOptions engine{};
    std::vector<std::string> namespaces{"/"};
    std::chrono::milliseconds connect_timeout{45'000};     ///< until a client is in its first namespace
    std::chrono::milliseconds attachment_timeout{10'000};  ///< until a packet's attachments are there
    std::size_t namespaces_per_client = 4;
    int events_in_flight = 32;  ///< unanswered events of one client; then it is not read
};

/// Makes the listener of a new client from the request that opened its session.
using ServerAccept = std::function<std::shared_ptr<ClientListener>(const http::Request& handshake)>;

/// Socket.IO, protocol revision 5, on an Engine of its own. Loop thread.
class Server {
public:
    /// `tasks` holds the listeners' waits; the server must outlive those.
    Server(EngineServices services, TaskGroup& tasks, ServerOptions options, ServerAccept accept);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    Engine& engine() { return engine_; }

private:
    friend class Client;
    Loop& loop_;
    Rng& rng_;
    TaskGroup& tasks_;
    const ServerOptions options_;
    ServerAccept accept_;
    Engine engine_;
};

}  // namespace ping::realtime::socketio
