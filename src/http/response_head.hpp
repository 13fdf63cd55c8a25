#pragma once

#include "ping/core/clock.hpp"
#include "ping/http/response.hpp"

#include <string>
#include <string_view>

namespace ping::http {

/// `Sat, 21 Nov 2026 06:41:00 GMT` (IMF-fixdate, RFC 9110 §5.6.7).
std::string to_http_date(Time time);

bool has_header(const Response& response, std::string_view name);

/// The status line and header of `response` as they go on the wire, with Date, Content-Length (where the
/// status may have a body) and `Connection: close` where `close`. A field that is not fit for the wire (a
/// line break in it would start another answer) is left out and logged.
std::string make_response_head(const Response& response, Time now, bool close);

/// 1xx, 204 and 304 have no body (RFC 9110 §6.4.1).
bool may_have_body(int status);

}  // namespace ping::http
