#include "realtime/socketio/engine_answers.hpp"

#include <boost/json/object.hpp>

#include <string_view>
#include <utility>

namespace ping::realtime::socketio {
namespace {

std::string_view message_of(EngineError error) {
    switch (error) {
        case EngineError::unknown_transport:
            return "Transport unknown";
        case EngineError::unknown_sid:
            return "Session ID unknown";
        case EngineError::bad_method:
            return "Bad handshake method";
        case EngineError::bad_request:
            return "Bad request";
        case EngineError::forbidden:
            return "Forbidden";
        case EngineError::unsupported_version:
            return "Unsupported protocol version";
    }
    return "Bad request";
}

}  // namespace

http::Response engine_refusal(EngineError error) {
    const int status = error == EngineError::forbidden ? 403 : 400;
    const boost::json::object body{{"code", static_cast<int>(error)}, {"message", message_of(error)}};
    return http::json_response(status, body);
}

http::Response payload_response(std::string payload) {
    return http::text_response(200, std::move(payload), "text/plain; charset=UTF-8");
}

http::Response post_response() {
    return http::text_response(200, "ok", "text/html");
}

}  // namespace ping::realtime::socketio
