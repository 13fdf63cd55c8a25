#pragma once

#include "ping/core/identity.hpp"
#include "ping/realtime/event.hpp"

#include <cstdint>
#include <string_view>

namespace ping::realtime {

/// Why the server ends a connection; a transport translates it (native: the close code of API.md §5).
enum class CloseReason {
    going_away,         ///< 1001: the server stops
    policy,             ///< 1008: broke the protocol's rules
    too_big,            ///< 1009
    not_authenticated,  ///< 4401: no valid token in time, or its session has ended
    too_slow,           ///< 4408: its outbox is full
    too_many,           ///< 4429: more sockets than the user may have
};

std::uint16_t close_code(CloseReason reason);
std::string_view to_string(CloseReason reason);

/// One authenticated device, whatever its transport. Loop thread. No call may make it leave the hub before
/// the call returns: the hub is then going through its connections.
class Connection {
public:
    virtual ~Connection() = default;
    virtual const Identity& identity() const = 0;
    virtual WireFormat format() const = 0;
    /// Queues the event. A connection that is full closes itself; nothing is thrown and nobody waits.
    virtual void deliver(OutgoingEvent& event) = 0;
    /// Starts closing; the connection leaves the hub by itself.
    virtual void close(CloseReason reason) = 0;
};

}  // namespace ping::realtime
