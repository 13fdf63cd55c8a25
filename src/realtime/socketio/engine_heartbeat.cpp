#include "ping/core/log.hpp"
#include "realtime/socketio/engine_session.hpp"

#include <algorithm>
#include <utility>

// A session's heartbeat: the server pings, the client answers in time or has no session any more; one that
// polls is to be back with its next GET in time, too, which tells much earlier that it was cut off. And what
// the listener is told of the way of its messages, for some of which an answered ping is the proof.
namespace ping::realtime::socketio {
namespace {

// Who gets an answer more slowly than that may be taken for lost.
constexpr std::size_t slow_line_bytes_per_second = 8 * 1024;

}  // namespace

void EngineSession::on_pong() {
    if (std::exchange(is_pinged_, false)) {
        if (socket_) {
            arrived();
        }
        // From ping to ping, so that lateness does not add up.
        ping_due_ =
            std::max(ping_due_ + engine_.options_.ping_interval, engine_.services_.loop.clock().steady_now());
        arm();
    }
}

// For what is due first. The ping a tick early rather than late: the client counts on pings in time, and its
// own clock runs from the last one. Whoever expects a GET need not arm: it is due behind what is armed.
void EngineSession::arm() {
    auto& loop = engine_.services_.loop;
    auto due = is_pinged_ ? pong_deadline() : ping_due_ - TimerWheel::tick;
    due = std::min(due, poll_due_.value_or(due));
    loop.timers().arm(*this, std::chrono::floor<std::chrono::milliseconds>(due - loop.clock().steady_now()));
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
    const auto now = engine_.services_.loop.clock().steady_now();
    if (is_pinged_ && now >= pong_deadline()) {
        // Busy: its pong may lie unread with us. Its time begins again.
        restart_pong();
        return;
    }
    if (is_pinged_ || now < ping_due_ - TimerWheel::tick) {
        arm();  // the GET that was waited for has come
        return;
    }
    is_pinged_ = true;
    arm();
    if (socket_) {
        socket_->trim();
        checkpoint();
    }
    send(std::span(&engine_.ping_frame_, 1));
}

bool EngineSession::has_expired() {
    const bool is_late = engine_.services_.loop.clock().steady_now() >= pong_deadline();
    if (is_open() && ((is_late && !is_busy_) || is_poll_overdue())) {
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

void EngineSession::restart_pong() {
    ping_due_ = engine_.services_.loop.clock().steady_now();
    arm();
}

SteadyTime EngineSession::pong_deadline() const {
    return ping_due_ + engine_.options_.ping_timeout;
}

void EngineSession::expect_poll(std::size_t answer_bytes) {
    if (phase_ == Phase::polling) {
        const std::chrono::seconds transfer(answer_bytes / slow_line_bytes_per_second);
        polled_until_ = engine_.services_.loop.clock().steady_now() + transfer;
        poll_due_ = polled_until_ + engine_.options_.ping_interval;
    }
}

bool EngineSession::is_poll_overdue() const {
    return poll_due_ && engine_.services_.loop.clock().steady_now() >= *poll_due_;
}

void EngineSession::end_unless_polled(std::chrono::milliseconds patience) {
    // Who is about to upgrade has stopped asking.
    if (phase_ != Phase::polling || probe_ || !poll_due_) {
        return;
    }
    const auto self = shared_from_this();
    poll_due_ = std::min(*poll_due_, polled_until_ + patience);
    if (!has_expired()) {
        arm();
    }
}

}  // namespace ping::realtime::socketio
