#pragma once

#include "ping/core/identity.hpp"

#include <cstdint>

namespace ping::realtime {

/// A connection's number, given by the hub when it joins. No other connection of this process ever has it, so
/// what is remembered by it can not meet a later connection.
enum class ConnectionId : std::uint64_t {};

/// Who says something, and on which of their connections.
struct Caller {
    Identity identity;
    ConnectionId connection{};
};

}  // namespace ping::realtime
