#pragma once

#include "ping/core/metrics.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/realtime/connection.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ping::realtime {

class Hub;

/// How a connection has left.
enum class Departure {
    lost,         ///< it broke, was silent, or the server closed it: the device may come back
    page_closed,  ///< as `lost`, but its page is gone (close code 1001): whoever comes back begins anew
    goodbye,      ///< the client closed it on purpose (native: close code 1000; Socket.IO: disconnect packet)
    logged_out    ///< its session has ended
};

/// Hears who comes and goes. Loop thread; called by the hub when its own books are right. May deliver to
/// others, but not to the connection that is joining: its transport greets it first.
class HubObserver {
public:
    virtual void joined(const Caller& caller, WireFormat format) = 0;
    virtual void left(const Caller& caller, Departure how) = 0;
    /// A session is over, whether it had connections or not. Those it had have left before.
    virtual void session_ended(UserId /*user*/, SessionId /*session*/) {}

protected:
    ~HubObserver() = default;
};

/// A connection's place in the hub; leaves it when destroyed. The hub must outlive it.
class Membership {
public:
    Membership() = default;
    Membership(Membership&& other) noexcept;
    Membership& operator=(Membership&& other) noexcept;
    ~Membership() { leave(); }
    void leave(Departure how = Departure::lost);
    explicit operator bool() const { return hub_ != nullptr; }
    /// Only of a place that was given.
    ConnectionId id() const { return id_; }

private:
    friend class Hub;
    Membership(Hub& hub, ConnectionId id) : hub_(&hub), id_(id) {}
    Hub* hub_ = nullptr;
    ConnectionId id_{};
};

/// Who is connected: users and their connections, whatever their transport. What else is to be known of a
/// connection (which chat it has open, whether its user is online) others know, who observe the hub. Loop
/// thread.
class Hub {
public:
    /// `per_user`: connections a user may have; 0: no bound.
    Hub(std::size_t per_user, Metrics& metrics);
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Adds an observer, which must outlive the hub's last connection. At start.
    void observe(HubObserver& observer) { observers_.push_back(&observer); }

    /// Gives the connection its number. An empty membership when the user has as many as allowed. Until it
    /// leaves, the connection's identity must not change.
    Membership join(Connection& connection);
    /// Gives the event once to every connection of every recipient. `message`: what it brings, if it does.
    void deliver(std::span<const UserId> recipients, std::string_view name, const boost::json::value& data,
                 const std::optional<MessagePlace>& message = std::nullopt);
    /// Gives the event to these connections, as far as they live.
    void deliver(std::span<const ConnectionId> recipients, std::string_view name,
                 const boost::json::value& data);
    /// Tells the connections of a session that it is over (`sessionEnded {reason}`) and closes them. They
    /// have left the hub when this returns.
    void end_session(UserId user, SessionId session, std::string_view reason);
    bool has(ConnectionId id) const { return connections_.contains(id); }
    std::size_t size() const { return connections_.size(); }

private:
    friend class Membership;
    void leave(ConnectionId id, Departure how);
    void remove_from_user(UserId user, ConnectionId id);

    struct Place {
        ConnectionId id;
        Connection* connection;
    };

    std::size_t per_user_;
    Counter& deliveries_;
    std::uint64_t last_id_ = 0;
    std::unordered_map<ConnectionId, Connection*> connections_;
    std::unordered_map<UserId, std::vector<Place>> users_;
    std::vector<HubObserver*> observers_;
};

}  // namespace ping::realtime
