#pragma once

#include "ping/ephemeral/otp_store.hpp"

#include <string>

namespace ping::ephemeral {

/// The limits as a Lua table `limits`, for the head of a script. Times are in milliseconds. `locks` and
/// `locks_in_attack` say how long an account is locked after so many failures, where it is at all.
std::string lua_limits(const OtpLimits& limits);

}  // namespace ping::ephemeral
