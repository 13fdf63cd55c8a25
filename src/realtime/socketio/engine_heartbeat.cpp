#include "ping/core/log.hpp"
#include "realtime/socketio/engine_session.hpp"

#include <algorithm>
#include <utility>

// A session's heartbeat: the server pings, the client answers in time or has no session any more. And what
// the listener is told of the way of its messages, for some of which an answered ping is the proof.
namespace ping::realtime::socketio {

void EngineSession::on_pong() {
    if (std::exchange(is_pinged_, false)) {
        if (socket_) {
            arrived();
        }
        // From ping to ping, so that lateness does not add up.
        ping_due_ =
            std::max(ping_due_ + engine_.options_.ping_interval, engine_.services_.loop.clock().steady_now());
        arm_ping();
    }
}

// A tick early rather than late: the client counts on pings in time, and its own clock runs from the last
// one.
void EngineSession::arm_ping() {
    auto& loop = engine_.services_.loop;
    const auto left = ping_due_ - loop.clock().steady_now() - TimerWheel::tick;
    loop.timers().arm(*this, std::chrono::floor<std::chrono::milliseconds>(left));
}

void EngineSession::fired() {
    const auto self = shared_from_this();
    if (!is_open()) {
        end(Departure::lost);  // nobody came for the last words
        return;
    }
    if (has_expired()) {
        return;
    }
    if (std::exchange(is_pinged_, true)) {
        // Busy: its pong may lie unread with us. Its time begins again.
        restart_pong();
        return;
    }
    arm_pong();
    if (socket_) {
        socket_->trim();
        checkpoint();
    }
    send(std::span(&engine_.ping_frame_, 1));
}

bool EngineSession::has_expired() {
    const bool is_late = engine_.services_.loop.clock().steady_now() >= pong_deadline();
    if (is_open() && is_late && !is_busy_) {
        const auto self = shared_from_this();
        log::debug("socketio.silent");
        break_off();
    }
    return phase_ == Phase::ended;
}

// The listener hears of it only where all has left: what is told of a slow reader's messages may wait.
void EngineSession::on_socket_progress() {
    if (listener_ && socket_->outbox().is_empty() && !socket_->outbox().has_failed()) {
        listener_->on_left();
    }
}

void EngineSession::checkpoint() {
    if (listener_) {
        is_checkpoint_ = true;
        listener_->on_checkpoint();
    }
}

void EngineSession::arrived() {
    if (listener_ && std::exchange(is_checkpoint_, false)) {
        listener_->on_arrived();
    }
}

void EngineSession::arm_pong() {
    auto& loop = engine_.services_.loop;
    const auto left = pong_deadline() - loop.clock().steady_now();
    loop.timers().arm(*this, std::chrono::ceil<std::chrono::milliseconds>(left));
}

void EngineSession::restart_pong() {
    ping_due_ = engine_.services_.loop.clock().steady_now();
    arm_pong();
}

SteadyTime EngineSession::pong_deadline() const {
    return ping_due_ + engine_.options_.ping_timeout;
}

}  // namespace ping::realtime::socketio
