#pragma once

#include "ping/realtime/connection.hpp"
#include "ping/realtime/native/codec.hpp"
#include "ping/realtime/native/gateway.hpp"
#include "realtime/web_socket.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ping::realtime::native {

/// One native connection: who is at the other end of a WebSocket, what they ask and are told. It owns itself
/// until its socket is over; after that the events that it has under way keep it.
///
/// session.cpp has its life: authentication, heartbeat, closing; session_requests.cpp what clients ask.
class Session final : public Connection,
                      private WebSocketUser,
                      private Timer,
                      public std::enable_shared_from_this<Session> {
public:
    static constexpr std::chrono::seconds heartbeat_interval{10};
    static constexpr std::chrono::seconds silence_limit{20};

    Session(Gateway& gateway, http::Upgrade upgrade);
    ~Session() override;

    /// The handshake, then the first read.
    Task<> start(std::string received, std::string token);

    const Identity& identity() const override { return *identity_; }
    WireFormat format() const override { return WireFormat::native; }
    void deliver(OutgoingEvent& event) override;
    void close(CloseReason reason) override;

private:
    enum class Phase : std::uint8_t { handshake, awaiting_auth, authenticating, ready, ended };

    void on_socket_text(std::string_view text) override;
    void on_socket_bytes(std::string_view bytes) override;
    void on_socket_progress() override { choose_reading(); }
    void on_socket_end(Departure how) override { end(how); }

    void fired() override;
    void arm_timer();
    void check_deadlines();
    void heartbeat();
    void end(Departure how);
    bool may_read() const;
    void choose_reading();

    void on_bad_frame(const Error& error);
    void first_frame(ClientFrame frame);
    Task<> authenticate(std::string token, std::optional<std::int64_t> ack);
    void become_ready(const Identity& identity, std::optional<std::int64_t> ack);
    void dispatch(ClientFrame frame);
    Task<> run_event(const EventRoute& route, ClientFrame frame);
    void put(FramePtr frame);

    SteadyTime steady_now() const { return services_.loop.clock().steady_now(); }

    Services& services_;
    Gateway& gateway_;
    std::shared_ptr<Session> self_;
    std::shared_ptr<WebSocket> socket_;
    Phase phase_ = Phase::handshake;
    bool is_going_away_ = false;    ///< closes when no event is in flight
    bool is_answer_large_ = false;  ///< of an event in flight
    std::uint8_t events_in_flight_ = 0;
    std::uint8_t bad_frames_ = 0;
    std::optional<Identity> identity_;
    Membership membership_;
    SteadyTime next_ping_;
};

}  // namespace ping::realtime::native
