#pragma once

#include "ping/core/clock.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/runtime/timer_wheel.hpp"

#include <chrono>
#include <cstddef>
#include <unordered_map>
#include <vector>

namespace ping::realtime {

/// Hears who comes online and goes offline, in this order for each user. Loop thread; Presence's books are
/// right when it is called. What it does may reach everyone but the connection that is joining.
class PresenceListener {
public:
    virtual void came_online(UserId user) = 0;
    /// `last_seen`: when the last connection left, not when the grace was over.
    virtual void went_offline(UserId user, Time last_seen) = 0;

protected:
    ~PresenceListener() = default;
};

/// Who is online: whoever has a connection, and for a grace of 8 s after the last one was lost, which hides
/// reloads and short cuts. No grace after a goodbye or a logout. Knows the connections of this process.
/// Loop thread.
class Presence final : public HubObserver {
public:
    static constexpr std::chrono::seconds grace{8};

    /// Observes the hub. Hub, timers and clock must outlive it.
    Presence(Hub& hub, TimerWheel& timers, const Clock& clock, Metrics& metrics);

    /// Adds a listener, which must outlive the hub's last connection. At start.
    void listen(PresenceListener& listener) { listeners_.push_back(&listener); }

    bool is_online(UserId user) const { return people_.contains(user); }
    std::size_t count() const { return people_.size(); }
    /// Everyone goes offline: the process stops.
    void end();

    void joined(const Caller& caller, WireFormat format) override;
    void left(const Caller& caller, Departure how) override;
    /// A logout from a page whose connection was lost a moment ago ends its grace.
    void session_ended(UserId user, SessionId session) override;

private:
    struct Person {
        int connections = 0;
        SessionId last_session;  ///< of the connection that left last
        Time last_seen;
        CallbackTimer grace_timer;
    };
    void go_offline(UserId user);

    TimerWheel& timers_;
    const Clock& clock_;
    std::unordered_map<UserId, Person> people_;
    std::vector<PresenceListener*> listeners_;
};

}  // namespace ping::realtime
