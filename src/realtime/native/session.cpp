#include "realtime/native/session.hpp"

#include <algorithm>
#include <utility>

namespace ping::realtime::native {
namespace {

constexpr std::chrono::seconds auth_timeout{5};
// Events of one connection that may wait for their answers, and bytes of answers that may wait to leave. The
// next request stays in the kernel's buffer.
constexpr int events_in_flight_limit = 32;
constexpr std::size_t answer_window = 64 * 1024;

}  // namespace

Session::Session(Gateway& gateway, http::Upgrade upgrade)
    : services_(gateway.services_),
      gateway_(gateway),
      socket_(std::make_shared<WebSocket>(gateway.host_, std::move(upgrade))) {
    gateway_.add(*this);
}

Session::~Session() {
    gateway_.remove(*this);
}

Task<> Session::start(std::string received, std::string token) {
    self_ = shared_from_this();
    socket_->set_message_bytes(services_.limits.ws_message_bytes);
    const bool is_accepted = co_await socket_->accept(std::move(received));
    if (!is_accepted || phase_ != Phase::handshake) {
        end(Departure::lost);
        co_return;
    }
    socket_->set_user(this);
    phase_ = Phase::awaiting_auth;
    services_.loop.timers().arm(*this, auth_timeout);
    if (!token.empty()) {
        phase_ = Phase::authenticating;
        co_await authenticate(std::move(token), std::nullopt);
    }
    choose_reading();
}

bool Session::may_read() const {
    switch (phase_) {
        case Phase::awaiting_auth:
            return true;
        case Phase::ready:
            return !is_going_away_ && !is_answer_large_ && events_in_flight_ < events_in_flight_limit &&
                   socket_->outbox().answer_bytes() <= answer_window;
        case Phase::handshake:
        case Phase::authenticating:
        case Phase::ended:
            return false;
    }
    return false;
}

void Session::choose_reading() {
    if (phase_ == Phase::ended) {
        return;
    }
    if (may_read()) {
        socket_->resume();
    } else {
        socket_->pause();
    }
}

void Session::arm_timer() {
    // By the wall clock, which may be set: so it is looked at anew with every ping.
    const auto& clock = services_.loop.clock();
    const auto lifetime = std::min<Time::duration>(identity_->expires_at - clock.now(), heartbeat_interval);
    const auto next = std::min<SteadyTime::duration>(next_ping_ - clock.steady_now(), lifetime);
    services_.loop.timers().arm(*this, std::chrono::ceil<std::chrono::milliseconds>(next));
}

void Session::fired() {
    switch (phase_) {
        case Phase::awaiting_auth:
        case Phase::authenticating:
            close(CloseReason::not_authenticated);
            break;
        case Phase::ready:
            check_deadlines();
            break;
        case Phase::handshake:
        case Phase::ended:
            break;
    }
}

void Session::check_deadlines() {
    const auto now = steady_now();
    if (services_.loop.clock().now() >= identity_->expires_at) {
        put(encode_native_event("sessionEnded", {{"reason", "expired"}}));
        close(CloseReason::not_authenticated);
    } else if (!socket_->is_paused() && now - socket_->last_heard() >= silence_limit) {
        socket_->cut();  // whoever does not answer pings does not read a close frame either
        end(Departure::lost);
    } else if (now >= next_ping_) {
        heartbeat();
    } else {
        arm_timer();
    }
}

void Session::heartbeat() {
    socket_->trim();
    put(gateway_.ping_frame_);
    if (phase_ == Phase::ready) {
        next_ping_ = steady_now() + heartbeat_interval;
        arm_timer();
    }
}

void Session::close(CloseReason reason) {
    if (phase_ == Phase::ended) {
        return;
    }
    if (reason == CloseReason::going_away && events_in_flight_ > 0) {
        is_going_away_ = true;  // what has been asked is answered first; run_event closes then
        choose_reading();
        return;
    }
    socket_->close(reason);
    phase_ = Phase::ended;
    disarm();
    // Later: the hub may be going through its connections.
    services_.loop.post([self = shared_from_this()] { self->end(Departure::lost); });
}

void Session::end(Departure how) {
    phase_ = Phase::ended;
    disarm();
    membership_.leave(how);
    self_.reset();
}

}  // namespace ping::realtime::native
