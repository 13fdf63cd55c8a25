#include "realtime/socketio/probe.hpp"

#include "realtime/socketio/engine_session.hpp"

#include <utility>

namespace ping::realtime::socketio {

Probe::Probe(EngineSession& session, std::shared_ptr<WebSocket> socket, http::Request handshake)
    : session_(session), socket_(std::move(socket)), handshake_(std::move(handshake)) {}

Probe::~Probe() {
    if (socket_) {
        socket_->set_user(nullptr);
        socket_->close(CloseReason::policy);
    }
}

void Probe::begin(TimerWheel& timers, std::chrono::milliseconds timeout) {
    timers.arm(*this, timeout);
    socket_->set_user(this);
    socket_->resume();
}

void Probe::on_socket_text(std::string_view text) {
    const auto self = shared_from_this();  // the session may let go of this
    if (text == "2probe" && !is_probed_) {
        is_probed_ = true;
        socket_->put(Frame::text("3probe"));
        session_.on_probed();
    } else if (text == "5" && is_probed_) {
        session_.on_upgrade(std::exchange(socket_, nullptr), handshake_);
    } else {
        give_up();
    }
}

void Probe::on_socket_bytes(std::string_view) {
    give_up();
}

void Probe::on_socket_end(Departure /*how*/) {
    give_up();
}

void Probe::fired() {
    give_up();
}

void Probe::give_up() {
    const auto self = shared_from_this();
    session_.drop_probe();
}

}  // namespace ping::realtime::socketio
