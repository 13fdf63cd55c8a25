#pragma once

#include "ping/core/config.hpp"

#include <string_view>

namespace ping::http {

/// The name of the cookie with the token: `__Host-ping_session` where `public_url` is https, else
/// `ping_session`. No other counts: browsers let a sibling host set any cookie but one with that prefix (RFC
/// 6265bis §4.1.3.2).
std::string_view session_cookie(const Config::Server& config);

}  // namespace ping::http
