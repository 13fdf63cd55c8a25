#include "ping/realtime/socketio/server.hpp"

#include "realtime/socketio/client.hpp"

#include <utility>

namespace ping::realtime::socketio {
namespace {

/// The packet of an event or an acknowledgement: a binary one where there are attachments.
Packet make_packet(bool is_ack, const std::string& nsp, std::string arguments,
                   std::vector<std::string> attachments) {
    Packet packet;
    if (attachments.empty()) {
        packet.type = is_ack ? PacketType::ack : PacketType::event;
    } else {
        packet.type = is_ack ? PacketType::binary_ack : PacketType::binary_event;
    }
    packet.nsp = nsp;
    packet.payload = std::move(arguments);
    packet.attachments = std::move(attachments);
    return packet;
}

}  // namespace

Server::Server(EngineServices services, TaskGroup& tasks, ServerOptions options, ServerAccept accept)
    : loop_(services.loop),
      rng_(services.rng),
      tasks_(tasks),
      options_(std::move(options)),
      accept_(std::move(accept)),
      engine_(services, options_.engine, [this](EngineSocket& socket, const http::Request& handshake) {
          return std::make_shared<Client>(*this, socket, handshake);
      }) {}

void NamespaceSocket::emit(const Event& event) {
    if (client_ != nullptr) {
        auto packet = make_packet(false, nsp_, event.arguments, event.attachments);
        packet.event = event.name;
        client_->send(packet);
    }
}

void NamespaceSocket::send(const FramePtr& frame) {
    if (client_ != nullptr) {
        client_->send(frame);
    }
}

void NamespaceSocket::close(CloseReason reason) {
    if (client_ != nullptr) {
        client_->close(reason);
    }
}

void NamespaceSocket::end(Departure how) {
    if (const auto told = std::exchange(listener, nullptr)) {
        told->on_disconnected(how);
    }
    detach();
}

void NamespaceSocket::set_packet_bytes(std::size_t bytes) {
    if (client_ != nullptr) {
        client_->set_packet_bytes(bytes);
    }
}

void NamespaceSocket::end_unless_polled(std::chrono::milliseconds patience) {
    if (client_ != nullptr) {
        client_->end_unless_polled(patience);
    }
}

SteadyTime NamespaceSocket::last_heard() const {
    return client_ != nullptr ? client_->last_heard() : SteadyTime();
}

Reply::Reply(std::weak_ptr<Client> client, std::string nsp, std::optional<std::uint64_t> id)
    : client_(std::move(client)), nsp_(std::move(nsp)), id_(id) {}

Reply::~Reply() {
    // A weak pointer that was moved from points nowhere, and so does that of a client that is gone.
    if (const auto client = client_.lock()) {
        client->event_done();
    }
}

void Reply::send(std::string arguments, std::vector<std::string> attachments) {
    const auto client = client_.lock();
    if (!id_ || !client) {
        return;
    }
    auto packet = make_packet(true, nsp_, std::move(arguments), std::move(attachments));
    packet.id = std::exchange(id_, std::nullopt);
    client->send(packet);
}

}  // namespace ping::realtime::socketio
