#pragma once

#include "ping/realtime/connection.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/outbox.hpp"
#include "ping/realtime/web_socket_host.hpp"
#include "ping/runtime/task.hpp"
#include "realtime/pipe.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ping::realtime {

/// Who uses a WebSocket. Loop thread.
class WebSocketUser {
public:
    virtual void on_socket_text(std::string_view text) = 0;
    virtual void on_socket_bytes(std::string_view bytes) = 0;
    /// Bytes have left, or writing has failed. Called from within a flush: must not destroy the socket.
    virtual void on_socket_progress() {}
    /// The connection is over, or about to be: it closes by itself. Nothing follows. Never called within a
    /// call of the user's.
    virtual void on_socket_end(Departure how) = 0;

protected:
    ~WebSocketUser() = default;
};

/// One WebSocket of the server's side, whatever is spoken over it: handshake, messages in, shared frames out,
/// closing, and the deadlines and bounds of all that (TRUST.md T34, T36, T41). A heartbeat is its user's. A
/// coroutine does the handshake; from then on callbacks read, because a suspended coroutine and its buffers
/// would cost each idle connection kilobytes. It owns itself until it ends, by a read that fails or by its
/// timer; after that what is still pending keeps it until it is reported. Loop thread.
class WebSocket final : private PipeOwner, private Timer, public std::enable_shared_from_this<WebSocket> {
public:
    WebSocket(WebSocketHost& host, http::Upgrade upgrade);
    ~WebSocket() override;

    /// Answers the handshake; false when it failed. `received` is the request as it came.
    Task<bool> accept(std::string received);
    /// Whom everything is told from now on; nobody when null.
    void set_user(WebSocketUser* user) { user_ = user; }
    /// The largest message that is taken; a larger one closes with 1009.
    void set_message_bytes(std::size_t bytes) { stream_.read_message_max(bytes); }
    /// Reads on, or begins to. A user that pauses within the call for a message gets no other one until then.
    void resume();
    void pause() { is_paused_ = true; }
    bool is_paused() const { return is_paused_; }

    /// False when it would pass the bounds. What is put into a socket that is over goes nowhere.
    bool put(FramePtr frame);
    const Outbox& outbox() const { return stream_.next_layer().outbox(); }
    /// Gives back memory that an idle connection does not need.
    void trim() { pipe().outbox().trim(); }
    /// When the peer was last heard of: by bytes that came, or by taking some. While paused it is not
    /// listened to.
    SteadyTime last_heard() const { return last_heard_; }
    /// Starts the closing handshake; cuts off when it takes too long. The user is not told any more.
    void close(CloseReason reason);
    /// Ends at once. The user is not told.
    void cut();

private:
    friend class WebSocketHost;
    enum class Phase : std::uint8_t { handshake, open, closing, ended };

    void on_outbox_progress() override;
    void on_outbox_shed() override;
    std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
    void on_received() override;
    void on_close_queued() override { begin_closing(); }
    void fired() override;

    void read();
    void on_read(boost::system::error_code error, std::size_t size);
    void on_message(std::string_view message);
    void enter(Phase phase, SteadyTime deadline);
    void arm_timer();
    void break_off(CloseReason reason);
    void begin_closing();
    void tell_user();
    void end();

    SteadyTime steady_now() const { return host_.loop_.clock().steady_now(); }
    Pipe& pipe() { return stream_.next_layer(); }

    WebSocketHost& host_;
    std::shared_ptr<WebSocket> self_;
    http::ConnectionSlot slot_;
    boost::beast::websocket::stream<Pipe, false> stream_;
    WebSocketUser* user_ = nullptr;
    Phase phase_ = Phase::handshake;
    bool is_reading_ = false;
    bool is_paused_ = true;
    SteadyTime last_heard_;
    SteadyTime phase_deadline_ = SteadyTime::max();
    SteadyTime stall_deadline_ = SteadyTime::max();  ///< the peer must take bytes before
    std::string message_;                            ///< of a message that did not fit into one read
    std::array<char, 256> read_buffer_{};            ///< in place: an idle connection pins no larger one
};

}  // namespace ping::realtime
