#pragma once

#include "ping/realtime/connection.hpp"
#include "ping/realtime/native/codec.hpp"
#include "ping/realtime/native/gateway.hpp"
#include "realtime/native/pipe.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ping::realtime::native {

/// One native WebSocket connection. A coroutine does the handshake; from then on callbacks read, because a
/// suspended coroutine and its buffers would cost each idle connection kilobytes. Pending operations keep the
/// session alive; it ends when reading fails, which every way of closing leads to.
class Session final : public Connection,
                      private OutboxOwner,
                      private Timer,
                      public std::enable_shared_from_this<Session> {
public:
    Session(Gateway& gateway, http::Upgrade upgrade);
    ~Session() override;

    /// The handshake, then the first read.
    Task<> start(std::string received, std::string token);
    /// Ends at once, without a closing handshake.
    void cut();

    const Identity& identity() const override { return *identity_; }
    void deliver(OutgoingEvent& event) override;
    void close(CloseReason reason) override;

private:
    enum class Phase { handshake, awaiting_auth, authenticating, ready, closing, ended };

    void on_outbox_progress() override { stream_.next_layer().on_progress(); }
    std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
    void fired() override;
    void heartbeat();

    void read();
    void on_read(boost::system::error_code error, std::size_t size);
    void on_message(std::string_view text);
    void on_bad_frame(const Error& error);
    void first_frame(ClientFrame frame);
    Task<> authenticate(std::string token, std::optional<std::int64_t> ack);
    void become_ready(const Identity& identity, std::optional<std::int64_t> ack);
    void dispatch(ClientFrame frame);
    Task<> run_event(const EventHandler* handler, ClientFrame frame);
    void put(FramePtr frame);
    void end();

    Services& services_;
    Gateway& gateway_;
    http::ConnectionSlot slot_;
    boost::beast::websocket::stream<Pipe, false> stream_;
    Phase phase_ = Phase::handshake;
    bool is_reading_ = false;
    bool is_going_away_ = false;  ///< closes when no event is in flight
    int events_in_flight_ = 0;
    int bad_frames_ = 0;
    std::optional<Identity> identity_;
    Membership membership_;
    SteadyTime last_heard_;
    std::string message_;                  ///< of a message that did not fit into one read
    std::array<char, 256> read_buffer_{};  ///< in place: an idle connection pins no larger one
};

}  // namespace ping::realtime::native
