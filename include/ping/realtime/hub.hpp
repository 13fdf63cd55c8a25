#pragma once

#include "ping/core/metrics.hpp"
#include "ping/realtime/connection.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ping::realtime {

class Hub;

/// A connection's place in the hub; leaves it when destroyed. The hub must outlive it.
class Membership {
public:
    Membership() = default;
    Membership(Membership&& other) noexcept;
    Membership& operator=(Membership&& other) noexcept;
    ~Membership() { leave(); }
    void leave();
    explicit operator bool() const { return hub_ != nullptr; }

private:
    friend class Hub;
    Membership(Hub& hub, Connection& connection) : hub_(&hub), connection_(&connection) {}
    Hub* hub_ = nullptr;
    Connection* connection_ = nullptr;
};

/// Who is connected: users and their connections. The one place that decides which connections get an event.
/// Loop thread.
class Hub {
public:
    /// `per_user`: connections a user may have; 0: no bound.
    Hub(std::size_t per_user, Metrics& metrics);
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// An empty membership when the user has as many as allowed.
    Membership join(Connection& connection);
    /// Gives the event once to every connection of every recipient.
    void deliver(std::span<const UserId> recipients, std::string_view name, const boost::json::value& data);
    /// Tells the connections of a session that it is over (`sessionEnded {reason}`) and closes them.
    void end_session(UserId user, SessionId session, std::string_view reason);
    std::size_t size() const { return size_; }

private:
    friend class Membership;
    void leave(Connection& connection);

    std::size_t per_user_;
    Counter& deliveries_;
    std::size_t size_ = 0;
    std::unordered_map<UserId, std::vector<Connection*>> connections_;
};

}  // namespace ping::realtime
