#pragma once

#include "ping/auth/session_activity.hpp"
#include "ping/realtime/hub.hpp"

namespace ping::auth {

/// Tells the sessions' books of their sockets. Outlives the hub's last connection. Loop thread.
class SocketWatch final : public realtime::HubObserver {
public:
    SocketWatch(realtime::Hub& hub, SessionActivity& activity) : activity_(activity) { hub.observe(*this); }
    SocketWatch(const SocketWatch&) = delete;
    SocketWatch& operator=(const SocketWatch&) = delete;

    void joined(const realtime::Caller& caller, realtime::WireFormat /*format*/) override {
        activity_.connected(caller.identity.session);
    }
    void left(const realtime::Caller& caller, realtime::Departure /*how*/) override {
        activity_.disconnected(caller.identity.session);
    }

private:
    SessionActivity& activity_;
};

}  // namespace ping::auth
