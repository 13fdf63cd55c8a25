#include "realtime/socketio/engine_session.hpp"

#include "realtime/socketio/engine_answers.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

// What the transports share: beginning, packets, end. Polling is in engine_polling.cpp, the heartbeat in
// engine_heartbeat.cpp.
namespace ping::realtime::socketio {
namespace {

// How long last words wait for a GET. After the client's own goodbye there is none but the one on its way.
constexpr std::chrono::seconds close_linger{10};
constexpr std::chrono::seconds goodbye_linger{1};

/// Whether what is queued should still be fetched: not by who is too slow for it, and not from a server that
/// stops.
bool is_worth_a_word(CloseReason reason) {
    return reason != CloseReason::too_slow && reason != CloseReason::going_away;
}

}  // namespace

EngineSession::EngineSession(Engine& engine, std::string sid, const http::Request& handshake)
    : engine_(engine),
      sid_(std::move(sid)),
      authorization_(handshake.header("authorization")),
      network_(handshake.client_network()),
      last_heard_(engine.services_.loop.clock().steady_now()),
      packet_bytes_(engine.options_.first_packet_bytes) {}

EngineSession::~EngineSession() = default;

void EngineSession::begin(std::shared_ptr<WebSocket> socket, const EngineAccept& accept,
                          const http::Request& handshake) {
    ping_due_ = engine_.services_.loop.clock().steady_now() + engine_.options_.ping_interval;
    arm();
    if (socket) {
        phase_ = Phase::websocket;
        socket_ = std::move(socket);
        socket_->set_message_bytes(packet_bytes_);
        socket_->set_user(this);
        socket_->put(Frame::text(open_packet()));
    } else {
        expect_poll();
    }
    listener_ = accept(*this, handshake);
    if (socket_) {
        socket_->resume();
    }
}

std::string EngineSession::open_packet() const {
    const auto& options = engine_.options_;
    boost::json::array upgrades;
    if (phase_ == Phase::polling) {
        upgrades.emplace_back("websocket");
    }
    const boost::json::object body{{"sid", sid_},
                                   {"upgrades", std::move(upgrades)},
                                   {"pingInterval", options.ping_interval.count()},
                                   {"pingTimeout", options.ping_timeout.count()},
                                   {"maxPayload", options.max_packet_bytes}};
    return "0" + boost::json::serialize(body);
}

bool EngineSession::belongs_to(const http::Request& request) const {
    return request.header("authorization") == authorization_;
}

void EngineSession::send(std::span<const FramePtr> messages) {
    for (const auto& frame : messages) {
        if (!is_open()) {
            return;
        }
        if (!put(frame)) {
            close(CloseReason::too_slow);
            return;
        }
    }
}

bool EngineSession::put(const FramePtr& frame) {
    if (phase_ == Phase::websocket) {
        return socket_->put(frame);
    }
    if (!queue_.put(frame, engine_.options_.outbox)) {
        return false;
    }
    wake_poll();
    return true;
}

void EngineSession::set_busy(bool is_busy) {
    if (!is_open() || is_busy == is_busy_) {
        return;
    }
    is_busy_ = is_busy;
    if (!is_busy && is_pinged_) {
        restart_pong();
    }
    if (socket_ && is_busy) {
        socket_->pause();
    } else if (socket_) {
        socket_->resume();
    }
    if (!is_busy) {
        wake_post();
    }
}

void EngineSession::set_packet_bytes(std::size_t bytes) {
    packet_bytes_ = std::min(bytes, engine_.options_.max_packet_bytes);
    if (socket_) {
        socket_->set_message_bytes(packet_bytes_);
    }
}

void EngineSession::on_socket_text(std::string_view text) {
    const auto self = shared_from_this();
    note_heard();
    const auto packet = parse_engine_packet(text);
    if (!packet || !on_packet(*packet)) {
        close(CloseReason::policy);
    }
}

void EngineSession::on_socket_bytes(std::string_view bytes) {
    const auto self = shared_from_this();
    note_heard();
    listener_->on_bytes(bytes);
}

void EngineSession::on_socket_end(Departure how) {
    const auto self = shared_from_this();
    socket_.reset();  // it closes by itself
    // Not every client that closes means goodbye by it: the one of the reference closes when it hears
    // nothing.
    end(how == Departure::page_closed ? how : Departure::lost);
}

// False for a packet that a client has no business to send.
bool EngineSession::on_packet(const EnginePacket& packet) {
    switch (packet.type) {
        case EngineType::message:
            packet.is_binary ? listener_->on_bytes(packet.data) : listener_->on_text(packet.data);
            return true;
        case EngineType::pong:
            on_pong();
            return true;
        case EngineType::close:
            on_goodbye();
            return true;
        case EngineType::open:
        case EngineType::ping:
        case EngineType::upgrade:
        case EngineType::noop:
            break;
    }
    return false;
}

void EngineSession::on_upgrade(std::shared_ptr<WebSocket> socket, const http::Request& handshake) {
    const auto self = shared_from_this();
    const auto done = std::exchange(probe_, nullptr);
    answer_poll(engine_refusal(EngineError::bad_request));
    for (const auto& frame : queue_.take_frames()) {
        socket->put(frame);  // it was within the same bounds here
    }
    if (phase_ == Phase::parting) {
        socket->close(close_reason_);
        end(Departure::lost);
        return;
    }
    phase_ = Phase::websocket;
    poll_due_.reset();
    socket_ = std::move(socket);
    socket_->set_message_bytes(packet_bytes_);
    socket_->set_user(this);
    if (is_busy_) {
        socket_->pause();
    }
    listener_->on_upgraded(handshake);
}

bool EngineSession::probe(std::shared_ptr<WebSocket> socket, http::Request handshake) {
    if (phase_ != Phase::polling || probe_) {
        return false;
    }
    probe_ = std::make_shared<Probe>(*this, std::move(socket), std::move(handshake));
    probe_->begin(engine_.services_.loop.timers(), engine_.options_.upgrade_timeout);
    return true;
}

void EngineSession::drop_probe() {
    probe_.reset();
}

void EngineSession::on_goodbye() {
    if (phase_ == Phase::websocket) {
        std::exchange(socket_, nullptr)->close(CloseReason::going_away);
        end(Departure::goodbye);
    } else {
        queue_.take_frames();
        probe_.reset();
        part("6", goodbye_linger, Departure::goodbye);
    }
}

void EngineSession::close(CloseReason reason) {
    const auto self = shared_from_this();
    if (phase_ == Phase::websocket) {
        std::exchange(socket_, nullptr)->close(reason);
        end(Departure::lost);
    } else if (!is_worth_a_word(reason)) {
        break_off();
    } else if (phase_ == Phase::polling) {
        close_reason_ = reason;
        part("1", close_linger, Departure::lost);
    }
}

void EngineSession::break_off() {
    answer_poll(payload_response("1"));
    end(Departure::lost);
}

// The last words wait for a GET; who has one waiting hears them at once. The client that is about to upgrade
// comes with no GET any more: its WebSocket takes them.
void EngineSession::part(std::string_view last_packet, std::chrono::milliseconds linger, Departure how) {
    const auto self = shared_from_this();
    phase_ = Phase::parting;
    last_packet_ = last_packet;
    wake_post();
    tell_listener(how);
    engine_.services_.loop.timers().arm(*this, linger);
    wake_poll();
}

// What is queued, and with the GET after it the end: socket.io-client looks at an engine's messages a tick
// later, and ignores them when a close has come in the same payload.
http::Response EngineSession::say_last_words() {
    if (!queue_.is_empty()) {
        return payload_response(queue_.take_payload());
    }
    end(Departure::lost);
    return payload_response(std::string(last_packet_));
}

void EngineSession::end(Departure how) {
    if (phase_ == Phase::ended) {
        return;
    }
    const auto self = shared_from_this();
    phase_ = Phase::ended;
    disarm();
    wake_post();
    answer_poll(engine_refusal(EngineError::unknown_sid));
    probe_.reset();
    if (const auto socket = std::exchange(socket_, nullptr); socket) {
        socket->cut();
    }
    tell_listener(how);
    engine_.remove(*this);
}

// Posted: who sends or closes must not find its listener called, and with it perhaps its own books changed.
void EngineSession::tell_listener(Departure how) {
    if (listener_) {
        engine_.services_.loop.post([self = shared_from_this(), listener = std::exchange(listener_, nullptr),
                                     how] { listener->on_closed(how); });
    }
}

}  // namespace ping::realtime::socketio
