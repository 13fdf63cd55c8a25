#pragma once

#include "ping/realtime/connection.hpp"
#include "ping/realtime/socketio/gateway.hpp"
#include "ping/runtime/async_event.hpp"
#include "realtime/socketio/catch_up.hpp"
#include "realtime/socketio/delivery_log.hpp"
#include "realtime/socketio/reconnects.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ping::realtime::socketio {

/// One Socket.IO client that has said who it is: its place in the hub, its events, and what becomes of it
/// when it breaks off and comes back. Loop thread.
///
/// member.cpp has its life, member_catch_up.cpp the way back after a break.
class Member final : public Connection,
                     public SocketListener,
                     private Timer,
                     public std::enable_shared_from_this<Member> {
public:
    Member(Gateway& gateway, std::shared_ptr<Socket> socket, Identity identity, Device device);
    ~Member() override;

    /// Takes its place in the hub; rate_limited when its user has no more.
    Result<void> join();
    /// Gets back what a connection of its device had, which is found to be lost before or after this one
    /// came.
    void take_over(LostConnection loss);

    ConnectionId id() const { return id_; }
    const Device& device() const { return device_; }
    void end_unless_polled(std::chrono::milliseconds patience) { socket_->end_unless_polled(patience); }

    const Identity& identity() const override { return identity_; }
    WireFormat format() const override { return WireFormat::socketio; }
    void deliver(OutgoingEvent& event) override;
    void close(CloseReason reason) override;

    void on_event(Event event, Reply reply) override;
    void on_left() override;
    void on_checkpoint() override { log_.checkpoint(); }
    void on_arrived() override;
    void on_disconnected(Departure how) override;

private:
    struct Call;
    /// The way back of a device that had been lost.
    struct Return {
        explicit Return(Loop& loop) : room(loop) {}
        CatchUp progress;
        std::vector<ChatId> to_open;
        AsyncEvent room;  ///< what was sent has left
    };

    void fired() override;
    void arm_timer();
    Task<> run_event(std::shared_ptr<Call> call);
    void answer(Reply& reply, const Error& error);
    void tell_delivered(const ChatPlaces& places);

    Task<> catch_up();
    LostConnection loss() const;
    Task<> send_missed();
    Task<> wait_for_room();
    void on_room();
    void note_sent(ChatPlace place, UserId sender);
    Caller caller() const { return {identity_, id_}; }

    Gateway& gateway_;
    Services& services_;
    const std::shared_ptr<Socket> socket_;
    const Identity identity_;
    const Device device_;
    Membership membership_;
    ConnectionId id_{};
    SteadyTime joined_at_{};
    DeliveryLog log_;
    ChatPlaces live_;  ///< the first message of each chat while `is_new_`
    std::unique_ptr<Return> return_;
    bool is_new_ = true;  ///< an older connection of its device may still be found to be lost
    bool has_left_all_ = true;
    bool is_over_ = false;
};

}  // namespace ping::realtime::socketio
