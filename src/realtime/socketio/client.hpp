#pragma once

#include "ping/realtime/socketio/packet.hpp"
#include "ping/realtime/socketio/server.hpp"
#include "ping/runtime/timer_wheel.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ping::realtime::socketio {

/// A client's place in one namespace.
class NamespaceSocket final : public Socket {
public:
    NamespaceSocket(Client& client, std::string nsp, std::string id)
        : client_(&client), nsp_(std::move(nsp)), id_(std::move(id)) {}

    const std::string& id() const override { return id_; }
    const std::string& nsp() const override { return nsp_; }
    void emit(const Event& event) override;
    void send(const FramePtr& frame) override;
    void close(CloseReason reason) override;
    void set_packet_bytes(std::size_t bytes) override;
    SteadyTime last_heard() const override;
    void end_unless_polled(std::chrono::milliseconds patience) override;

    /// Tells the listener and lets it go: it may hold this socket. Then detaches.
    void end(Departure how);
    /// The client does not have this socket any more: what is sent goes nowhere.
    void detach() { client_ = nullptr; }

    /// Null while the application decides, and after the end.
    std::shared_ptr<SocketListener> listener;

private:
    Client* client_;  ///< not a weak_ptr: locking one costs each delivery two atomic writes
    const std::string nsp_;
    const std::string id_;
};

/// One Socket.IO client: its packets on one Engine.IO session, and the namespaces it is in. Loop thread.
class Client final : public EngineListener, public std::enable_shared_from_this<Client> {
public:
    Client(Server& server, EngineSocket& engine, const http::Request& handshake);
    ~Client() override;

    void on_text(std::string_view message) override;
    void on_bytes(std::string_view message) override;
    void on_upgraded(const http::Request& handshake) override;
    void on_left() override { tell_all(&SocketListener::on_left); }
    void on_checkpoint() override { tell_all(&SocketListener::on_checkpoint); }
    void on_arrived() override { tell_all(&SocketListener::on_arrived); }
    void on_closed(Departure how) override;

    /// Sends a packet, its attachments right behind it.
    void send(const Packet& packet);
    void send(const FramePtr& frame);
    void close(CloseReason reason);
    void set_packet_bytes(std::size_t bytes);
    SteadyTime last_heard() const { return engine_ == nullptr ? last_heard_ : engine_->last_heard(); }
    void end_unless_polled(std::chrono::milliseconds patience);
    /// An event is not worked on any more.
    void event_done();

private:
    using Namespaces = std::vector<std::shared_ptr<NamespaceSocket>>;

    void tell_all(void (SocketListener::*what)());
    void on_decoded(const Result<std::optional<Packet>>& decoded);
    bool on_packet(const Packet& packet);
    bool begin_connect(const Packet& packet);
    Task<> connect(std::shared_ptr<NamespaceSocket> socket, std::string auth);
    void accept(NamespaceSocket& socket, const std::shared_ptr<SocketListener>& listener);
    void refuse(NamespaceSocket& socket, const Error& error);
    bool on_event(const Packet& packet);
    bool on_disconnect(const Packet& packet);
    /// Null when the client is not in this namespace. Owned by the caller too: a listener may end it.
    std::shared_ptr<NamespaceSocket> find(std::string_view nsp) const;
    void remove(const NamespaceSocket& socket);

    Server& server_;
    EngineSocket* engine_;  ///< null when the session is over
    std::shared_ptr<ClientListener> listener_;
    PacketDecoder decoder_;
    Namespaces namespaces_;  ///< those connecting included
    CallbackTimer connect_deadline_;
    CallbackTimer attachment_deadline_;
    SteadyTime last_heard_;  ///< as the session ended
    int in_flight_ = 0;
};

}  // namespace ping::realtime::socketio
