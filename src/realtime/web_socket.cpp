#include "realtime/web_socket.hpp"

#include "ping/core/log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace ping::realtime {
namespace {

namespace websocket = boost::beast::websocket;

constexpr std::chrono::seconds handshake_timeout{10};
// A full buffer must be read from within this (TRUST.md T34), and a message be whole (T36).
constexpr std::chrono::seconds write_stall_timeout{10};
constexpr std::chrono::seconds message_timeout{10};
// The peer's time to take bytes, and then to end, once a close frame is queued; and all its time.
constexpr std::chrono::seconds close_timeout{3};
constexpr std::chrono::seconds closing_limit{30};
// Read on after our close frame, to find the peer's among what it has sent before.
constexpr std::size_t bytes_read_when_closing = 256 * 1024;

Departure departure_of(std::uint16_t close_code) {
    switch (close_code) {
        case websocket::close_code::normal:
            return Departure::goodbye;
        case websocket::close_code::going_away:
            return Departure::page_closed;
        default:
            return Departure::lost;
    }
}

}  // namespace

void WebSocketHost::cut_all() {
    const std::vector<WebSocket*> sockets(sockets_.begin(), sockets_.end());
    for (auto* const socket : sockets) {
        socket->end();
    }
}

WebSocket::WebSocket(WebSocketHost& host, http::Upgrade upgrade)
    : host_(host),
      slot_(std::move(upgrade.slot)),
      stream_(std::move(upgrade.socket), host.flusher_, host.bounds_, host.loop_.clock(),
              static_cast<PipeOwner&>(*this)),
      last_heard_(host.loop_.clock().steady_now()) {
    host_.sockets_.insert(this);
}

WebSocket::~WebSocket() {
    host_.sockets_.erase(this);
    host_.on_end_();
}

Task<bool> WebSocket::accept(std::string received) {
    self_ = shared_from_this();
    enter(Phase::handshake, steady_now() + handshake_timeout);
    // Parsed here and not by the stream, whose buffer of 1536 bytes a head with some cookies does not fit
    // into.
    boost::beast::http::request_parser<boost::beast::http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(received.size()));
    boost::system::error_code malformed;
    const std::size_t head_size = parser.put(boost::asio::buffer(received), malformed);
    if (malformed || !parser.is_header_done()) {
        end();
        co_return false;
    }
    // Both were checked before, over all of their lines: Beast looks at the first of each alone.
    parser.get().set(boost::beast::http::field::connection, "Upgrade");
    parser.get().set(boost::beast::http::field::upgrade, "websocket");
    pipe().preload(received.substr(head_size));
    const auto [error] = co_await stream_.async_accept(parser.get(), use_task);
    if (error || phase_ != Phase::handshake) {
        end();
        co_return false;
    }
    enter(Phase::open, SteadyTime::max());
    co_return true;
}

void WebSocket::resume() {
    if (std::exchange(is_paused_, false)) {
        // The client may have been waiting for us: its deadlines begin again.
        last_heard_ = steady_now();
        pipe().watch().restart_clock(last_heard_);
        read();
    }
}

void WebSocket::read() {
    // Closing, reading goes on whatever comes: it finds the peer's close frame.
    const bool may_read = phase_ == Phase::closing || (phase_ == Phase::open && !is_paused_);
    if (is_reading_ || !may_read) {
        return;
    }
    is_reading_ = true;
    arm_timer();
    stream_.async_read_some(boost::asio::buffer(read_buffer_),
                            [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                                self->on_read(error, size);
                            });
}

void WebSocket::on_read(boost::system::error_code error, std::size_t size) {
    if (error) {
        end();
        return;
    }
    if (message_.empty() && stream_.is_message_done()) {
        on_message(std::string_view(read_buffer_.data(), size));
    } else {
        message_.append(read_buffer_.data(), size);
        if (stream_.is_message_done()) {
            const std::string whole = std::exchange(message_, std::string());
            on_message(whole);
        }
    }
    // Only now: who resumes while a message is looked at must not have the buffer below it written to.
    is_reading_ = false;
    read();
}

void WebSocket::on_message(std::string_view message) {
    if (phase_ != Phase::open || user_ == nullptr) {
        return;
    }
    if (stream_.got_text()) {
        user_->on_socket_text(message);
    } else {
        user_->on_socket_bytes(message);
    }
}

void WebSocket::on_received() {
    last_heard_ = steady_now();
    if (pipe().watch().is_broken()) {
        pipe().stop_reading_after(0);
        // Posted: we are within Beast's read.
        host_.loop_.post([self = shared_from_this()] { self->break_off(CloseReason::policy); });
    } else if (pipe().watch().is_midway()) {
        arm_timer();
    }
}

bool WebSocket::put(FramePtr frame) {
    return phase_ != Phase::open || pipe().outbox().put(std::move(frame)) != Outbox::Put::overflow;
}

void WebSocket::on_outbox_progress() {
    pipe().on_progress();
    if (phase_ == Phase::closing) {
        stall_deadline_ = steady_now() + close_timeout;
        arm_timer();
        return;
    }
    if (outbox().is_empty()) {
        stall_deadline_ = SteadyTime::max();
    } else {
        // Who takes bytes lives, though pings wait behind them.
        last_heard_ = steady_now();
        stall_deadline_ = last_heard_ + write_stall_timeout;
        arm_timer();
    }
    if (user_ != nullptr) {
        user_->on_socket_progress();
    }
}

void WebSocket::on_outbox_shed() {
    if (phase_ == Phase::closing) {
        end();
    } else {
        break_off(CloseReason::too_slow);
    }
}

void WebSocket::enter(Phase phase, SteadyTime deadline) {
    phase_ = phase;
    phase_deadline_ = deadline;
    arm_timer();
}

void WebSocket::arm_timer() {
    if (phase_ == Phase::ended) {
        return;
    }
    auto next = std::min(phase_deadline_, stall_deadline_);
    if (phase_ == Phase::open && is_reading_ && pipe().watch().is_midway()) {
        next = std::min(next, pipe().watch().midway_since() + message_timeout);
    }
    if (next == SteadyTime::max()) {
        disarm();
    } else {
        host_.loop_.timers().arm(*this, std::chrono::ceil<std::chrono::milliseconds>(next - steady_now()));
    }
}

void WebSocket::fired() {
    const auto now = steady_now();
    const auto& watch = pipe().watch();
    if (phase_ != Phase::open) {
        end();
    } else if (now >= stall_deadline_) {
        break_off(CloseReason::too_slow);
    } else if (is_reading_ && watch.is_midway() && now - watch.midway_since() >= message_timeout) {
        break_off(CloseReason::policy);
    } else {
        arm_timer();
    }
}

void WebSocket::close(CloseReason reason) {
    user_ = nullptr;
    break_off(reason);
}

void WebSocket::break_off(CloseReason reason) {
    if (phase_ == Phase::closing || phase_ == Phase::ended) {
        return;
    }
    if (phase_ == Phase::handshake) {
        end();
        return;
    }
    log::debug("socket.close", {{"reason", to_string(reason)}});
    auto& outbox = pipe().outbox();
    if (reason == CloseReason::too_slow) {
        outbox.drop_unsent();
    }
    outbox.put(Frame::close(close_code(reason), to_string(reason)));
    begin_closing();
    read();
}

void WebSocket::begin_closing() {
    if (!pipe().watch().is_broken()) {
        pipe().stop_reading_after(bytes_read_when_closing);
    }
    stall_deadline_ = steady_now() + close_timeout;
    enter(Phase::closing, steady_now() + closing_limit);
    // To the user it is over; the handshake goes on alone. Posted: we may be within Beast's write or a flush.
    host_.loop_.post([self = shared_from_this()] { self->tell_user(); });
}

void WebSocket::tell_user() {
    if (auto* const user = std::exchange(user_, nullptr); user != nullptr) {
        user->on_socket_end(departure_of(stream_.reason().code));
    }
}

void WebSocket::cut() {
    user_ = nullptr;
    end();
}

void WebSocket::end() {
    if (phase_ == Phase::ended) {
        return;
    }
    phase_ = Phase::ended;
    disarm();
    slot_.reset();
    pipe().outbox().discard();
    boost::system::error_code ignored;  // closing a socket leaves nothing to do on failure
    pipe().socket().close(ignored);
    pipe().abort();
    // Later: we may be within a flush, or a call of our own.
    host_.loop_.post([self = std::move(self_)] { self->tell_user(); });
}

}  // namespace ping::realtime
