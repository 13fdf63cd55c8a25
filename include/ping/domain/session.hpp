#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"

#include <optional>
#include <string>

namespace ping {

/// One login on one device.
struct Session {
    SessionId id;
    UserId user;
    std::string otp_id;  ///< the one-time code that opened it; unique, so a code can never open two
    std::string device;  ///< the User-Agent at login, cut to 200 bytes
    Time created_at;
    Time expires_at;
    std::optional<Time> revoked_at;
    std::optional<Time> last_seen_at;  ///< nothing: not since `created_at`
};

}  // namespace ping
