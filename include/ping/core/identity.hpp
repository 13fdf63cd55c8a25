#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"

namespace ping {

/// Who a request or a socket acts for: the outcome of checking a token.
struct Identity {
    UserId user;
    SessionId session;
    Time expires_at;  ///< the token's `exp`
};

}  // namespace ping
