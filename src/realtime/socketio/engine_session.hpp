#pragma once

#include "ping/realtime/socketio/engine.hpp"
#include "ping/realtime/socketio/engine_packet.hpp"
#include "realtime/socketio/poll_queue.hpp"
#include "realtime/socketio/probe.hpp"
#include "realtime/web_socket.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ping::realtime::socketio {

/// One Engine.IO session, whatever its transport. The engine owns it while it is open; requests and sockets
/// under way keep it until they end. Loop thread.
class EngineSession final : public EngineSocket,
                            private WebSocketUser,
                            private Timer,
                            public std::enable_shared_from_this<EngineSession> {
public:
    /// `handshake` is the request that opens it; its Authorization header binds the session.
    EngineSession(Engine& engine, std::string sid, const http::Request& handshake);
    ~EngineSession() override;

    /// Begins: over the socket, or by polling when there is none. `accept` makes the listener.
    void begin(std::shared_ptr<WebSocket> socket, const EngineAccept& accept, const http::Request& handshake);

    const std::string& sid() const override { return sid_; }
    void send(std::span<const FramePtr> messages) override;
    void close(CloseReason reason) override;
    void set_busy(bool is_busy) override;
    void set_packet_bytes(std::size_t bytes) override;
    SteadyTime last_heard() const override { return last_heard_; }
    void end_unless_polled(std::chrono::milliseconds patience) override;

    const std::string& network() const { return network_; }
    std::size_t packet_bytes() const { return packet_bytes_; }
    /// The request carries the same Authorization as the one that opened the session (TRUST.md T31).
    bool belongs_to(const http::Request& request) const;
    /// GET and POST are still answered: the session polls, or says its last.
    bool is_polling() const { return phase_ == Phase::polling || phase_ == Phase::parting; }
    /// Ends the session when it has been silent too long while it was read; says whether it has ended. The
    /// timer alone may be a tick late.
    bool has_expired();

    /// The first packet of every session, as text.
    std::string open_packet() const;
    /// Answers a GET when there is something to say. A second one at a time ends the session.
    Task<http::Response> poll(http::Request& request);
    /// Takes the place of the one POST that may be under way; null, and the session ends, when it is taken.
    /// The place is given back when destroyed.
    std::shared_ptr<void> claim_post();
    /// Takes a POST's packets.
    Task<http::Response> receive(http::Request& request);

    /// A WebSocket that may take over; false when another one has or is about to.
    bool probe(std::shared_ptr<WebSocket> socket, http::Request handshake);
    /// The probe has been asked and has answered: a waiting GET is let go.
    void on_probed();
    /// The probe's socket takes over.
    void on_upgrade(std::shared_ptr<WebSocket> socket, const http::Request& handshake);
    void drop_probe();

    /// Ends at once, without a word to the client.
    void cut() { end(Departure::lost); }

private:
    enum class Phase {
        polling,
        websocket,
        parting,  ///< over, but for the last words that the next GET or the upgraded socket gets
        ended
    };
    /// A GET that waits.
    struct Waiter {
        explicit Waiter(Loop& loop) : wake(loop) {}
        AsyncEvent wake;
        std::optional<http::Response> answer{};  ///< else what is queued
    };

    void on_socket_text(std::string_view text) override;
    void on_socket_bytes(std::string_view bytes) override;
    void on_socket_progress() override;
    void on_socket_end(Departure how) override;
    void fired() override;

    bool is_open() const { return phase_ == Phase::polling || phase_ == Phase::websocket; }
    bool on_packet(const EnginePacket& packet);
    void on_pong();
    void arm();
    void restart_pong();
    SteadyTime pong_deadline() const;
    void expect_poll(std::size_t answer_bytes = 0);
    bool is_poll_overdue() const;
    void on_goodbye();
    bool put(const FramePtr& frame);
    void note_heard() { last_heard_ = engine_.services_.loop.clock().steady_now(); }
    void checkpoint();
    void arrived();
    std::string take_payload();
    void answer_poll(http::Response response);
    void wake_poll();
    void wake_post();
    void break_off();
    void part(std::string_view last_packet, std::chrono::milliseconds linger, Departure how);
    http::Response say_last_words();
    void end(Departure how);
    void tell_listener(Departure how);

    Engine& engine_;
    const std::string sid_;
    const std::string authorization_;
    const std::string network_;  ///< the client's, as limits count it
    std::shared_ptr<EngineListener> listener_;
    std::shared_ptr<WebSocket> socket_;  ///< null while polling
    std::shared_ptr<Probe> probe_;
    Waiter* waiter_ = nullptr;
    AsyncEvent* post_waiter_ = nullptr;
    PollQueue queue_;
    std::string_view last_packet_;                        ///< a literal: what the last GET gets
    CloseReason close_reason_ = CloseReason::going_away;  ///< why it parts, when it does
    SteadyTime last_heard_;
    SteadyTime ping_due_;                 ///< of the next ping, or of the one that has not been answered
    SteadyTime polled_until_;             ///< when the client may have got the last GET's answer
    std::optional<SteadyTime> poll_due_;  ///< of the next GET, while none waits
    std::size_t packet_bytes_;
    Phase phase_ = Phase::polling;
    bool is_pinged_ = false;
    bool is_checkpoint_ =
        false;  ///< what waits for the pong, or for the next GET, the listener has been told of
    bool is_posting_ = false;
    bool is_busy_ = false;
};

}  // namespace ping::realtime::socketio
