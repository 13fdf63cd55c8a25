#pragma once

#include "ping/http/response.hpp"

#include <string>

namespace ping::realtime::socketio {

/// The errors of Engine.IO by their numbers on the wire.
enum class EngineError {
    unknown_transport = 0,
    unknown_sid = 1,
    bad_method = 2,
    bad_request = 3,
    forbidden = 4,
    unsupported_version = 5,
};

/// `{"code": n, "message": "..."}` with status 400, or 403 for `forbidden`.
http::Response engine_refusal(EngineError error);
/// A polling body.
http::Response payload_response(std::string payload);
/// A POST that has been taken.
http::Response post_response();

}  // namespace ping::realtime::socketio
