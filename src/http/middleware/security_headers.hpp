#pragma once

#include "ping/http/response.hpp"

namespace ping::http {

/// What keeps a browser from guessing, framing, leaking and caching. Strict, as for API answers; a handler
/// that serves pages sets its own Content-Security-Policy and Cache-Control, which are kept.
void add_security_headers(Response& response);

}  // namespace ping::http
