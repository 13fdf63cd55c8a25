#pragma once

#include "http/middleware/cors.hpp"
#include "ping/http/request.hpp"
#include "ping/http/server.hpp"
#include "ping/http/session_cookie.hpp"
#include "ping/runtime/task.hpp"

#include <string_view>

namespace ping::http {

/// Sets `request.identity` from `Authorization: Bearer`, or from the session cookie, or says why not
/// (API.md §1's messages). With the cookie an unsafe method needs an allowed Origin: a browser sends cookies
/// with requests that other sites make. `cookie_name`: see `session_cookie`.
Task<Result<void>> authenticate(const Authenticate& check, const Origins& origins,
                                std::string_view cookie_name, Request& request);

}  // namespace ping::http
