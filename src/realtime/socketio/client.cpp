#include "realtime/socketio/client.hpp"

#include "ping/core/log.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace ping::realtime::socketio {
namespace {

constexpr std::size_t socket_id_bytes = 10;

PacketLimits first_limits(const EngineOptions& options) {
    PacketLimits limits;
    limits.bytes = options.first_packet_bytes;
    return limits;
}

Packet make_packet(PacketType type, const std::string& nsp, const boost::json::object& payload) {
    Packet packet;
    packet.type = type;
    packet.nsp = nsp;
    packet.payload = boost::json::serialize(payload);
    return packet;
}

}  // namespace

Client::Client(Server& server, EngineSocket& engine, const http::Request& handshake)
    : server_(server),
      engine_(&engine),
      listener_(server.accept_(handshake)),
      decoder_(first_limits(server.options_.engine)),
      connect_deadline_([this] { close(CloseReason::policy); }),
      attachment_deadline_([this] { close(CloseReason::policy); }) {
    server_.loop_.timers().arm(connect_deadline_, server_.options_.connect_timeout);
}

Client::~Client() {
    for (const auto& socket : namespaces_) {
        socket->detach();
    }
}

void Client::on_text(std::string_view message) {
    on_decoded(decoder_.text(message));
}

void Client::on_bytes(std::string_view message) {
    on_decoded(decoder_.binary(message));
}

void Client::on_decoded(const Result<std::optional<Packet>>& decoded) {
    if (!decoded) {
        close(CloseReason::policy);
    } else if (!*decoded) {
        if (!attachment_deadline_.is_armed()) {
            server_.loop_.timers().arm(attachment_deadline_, server_.options_.attachment_timeout);
        }
    } else {
        attachment_deadline_.disarm();
        if (!on_packet(**decoded)) {
            close(CloseReason::policy);
        }
    }
}

void Client::on_upgraded(const http::Request& handshake) {
    listener_->on_upgraded(handshake);
}

void Client::on_closed(Departure how) {
    last_heard_ = engine_->last_heard();
    engine_ = nullptr;
    connect_deadline_.disarm();
    attachment_deadline_.disarm();
    // The engine's own goodbye is none: clients say it too when a request has failed, and come back.
    const auto lost = how == Departure::goodbye ? Departure::lost : how;
    for (const auto& socket : std::exchange(namespaces_, {})) {
        socket->end(lost);
    }
    listener_->on_closed();
}

void Client::tell_all(void (SocketListener::*what)()) {
    for (const auto& socket : namespaces_) {
        if (socket->listener) {
            ((*socket->listener).*what)();
        }
    }
}

// False for a packet that breaks the rules of the protocol.
bool Client::on_packet(const Packet& packet) {
    switch (packet.type) {
        case PacketType::connect:
            return begin_connect(packet);
        case PacketType::disconnect:
            return on_disconnect(packet);
        case PacketType::event:
        case PacketType::binary_event:
            return on_event(packet);
        case PacketType::ack:
        case PacketType::binary_ack:
            return find(packet.nsp) != nullptr;  // no event of ours asks for one
        case PacketType::connect_error:
            break;
    }
    return false;
}

bool Client::begin_connect(const Packet& packet) {
    const auto& options = server_.options_;
    if (find(packet.nsp)) {
        return true;  // pages that connect twice in a row want one answer
    }
    if (namespaces_.size() >= options.namespaces_per_client) {
        return false;
    }
    const auto& known = options.namespaces;
    if (std::find(known.begin(), known.end(), packet.nsp) == known.end()) {
        send(make_packet(PacketType::connect_error, packet.nsp, {{"message", "Invalid namespace"}}));
        return true;
    }
    auto socket = std::make_shared<NamespaceSocket>(*this, packet.nsp,
                                                    crypto::random_hex(server_.rng_, socket_id_bytes));
    namespaces_.push_back(socket);
    server_.tasks_.spawn("socketio.connect",
                         [self = shared_from_this(), socket = std::move(socket),
                          auth = packet.payload.empty() ? std::string("{}") : packet.payload] {
                             return self->connect(socket, auth);
                         });
    return true;
}

Task<> Client::connect(std::shared_ptr<NamespaceSocket> socket, std::string auth) {
    const auto self = shared_from_this();
    Result<std::shared_ptr<SocketListener>> decided = errors::internal("no decision");
    try {
        decided = co_await listener_->on_connect(socket, std::move(auth));
    } catch (const std::exception& failure) {
        decided = errors::internal(std::string("exception: ") + failure.what());
    }
    const bool has_left = std::find(namespaces_.begin(), namespaces_.end(), socket) == namespaces_.end();
    if (has_left) {
        co_return;
    }
    if (decided) {
        accept(*socket, *decided);
    } else {
        refuse(*socket, decided.error());
    }
}

void Client::accept(NamespaceSocket& socket, const std::shared_ptr<SocketListener>& listener) {
    connect_deadline_.disarm();
    socket.listener = listener;
    send(make_packet(PacketType::connect, socket.nsp(), {{"sid", socket.id()}}));
    listener->on_connected();
}

void Client::refuse(NamespaceSocket& socket, const Error& error) {
    if (is_server_fault(error.code)) {
        log::error("socketio.connect", {{"code", error.slug},
                                        {"detail", error.detail},
                                        {"file", error.where.file_name()},
                                        {"line", error.where.line()}});
    }
    const boost::json::object data{{"code", error.slug}};
    send(make_packet(PacketType::connect_error, socket.nsp(), {{"message", error.message}, {"data", data}}));
    remove(socket);
    socket.detach();
    if (namespaces_.empty()) {
        close(CloseReason::not_authenticated);
    }
}

bool Client::on_disconnect(const Packet& packet) {
    const auto socket = find(packet.nsp);
    // Not before it has an answer: else one packet after another would leave decisions that wait, without a
    // bound.
    if (!socket || !socket->listener) {
        return false;
    }
    remove(*socket);
    socket->end(Departure::goodbye);
    return true;
}

bool Client::on_event(const Packet& packet) {
    const auto socket = find(packet.nsp);
    const auto listener = socket ? socket->listener : nullptr;  // its own call may end it
    if (!listener) {
        return false;
    }
    if (++in_flight_ == server_.options_.events_in_flight && engine_ != nullptr) {
        engine_->set_busy(true);
    }
    Event event{packet.event, packet.payload, packet.attachments};
    listener->on_event(std::move(event), Reply(weak_from_this(), packet.nsp, packet.id));
    return true;
}

void Client::event_done() {
    if (in_flight_-- == server_.options_.events_in_flight && engine_ != nullptr) {
        engine_->set_busy(false);
    }
}

void Client::send(const Packet& packet) {
    if (engine_ == nullptr) {
        return;
    }
    std::vector<FramePtr> frames{Frame::text(encode_packet(packet))};
    for (const auto& attachment : packet.attachments) {
        frames.push_back(Frame::binary(attachment));
    }
    engine_->send(frames);
}

void Client::send(const FramePtr& frame) {
    if (engine_ != nullptr) {
        engine_->send(std::span(&frame, 1));
    }
}

void Client::close(CloseReason reason) {
    if (engine_ != nullptr) {
        engine_->close(reason);
    }
}

void Client::set_packet_bytes(std::size_t bytes) {
    if (engine_ != nullptr) {
        engine_->set_packet_bytes(bytes);
        decoder_.set_bytes_limit(bytes);
    }
}

void Client::end_unless_polled(std::chrono::milliseconds patience) {
    if (engine_ != nullptr) {
        engine_->end_unless_polled(patience);
    }
}

std::shared_ptr<NamespaceSocket> Client::find(std::string_view nsp) const {
    const auto entry = std::find_if(namespaces_.begin(), namespaces_.end(),
                                    [nsp](const auto& socket) { return socket->nsp() == nsp; });
    return entry == namespaces_.end() ? nullptr : *entry;
}

void Client::remove(const NamespaceSocket& socket) {
    std::erase_if(namespaces_, [&socket](const auto& other) { return other.get() == &socket; });
}

}  // namespace ping::realtime::socketio
