#pragma once

#include "ping/core/error.hpp"
#include "ping/realtime/frame.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ping::realtime::native {

/// What a client sends: `{"event": "...", "data": ..., "ack"?: n}` (API.md §5).
struct ClientFrame {
    std::string event;
    boost::json::value data;
    std::optional<std::int64_t> ack;
};

/// invalid when the text is not one such object by core/json.hpp's rules.
Result<ClientFrame> parse_client_frame(std::string_view text);

/// `{"ack": n, "data": ...}`
FramePtr encode_ack(std::int64_t ack, const boost::json::value& data);
/// `{"ack": n, "error": {message, code}}`
FramePtr encode_error_ack(std::int64_t ack, const Error& error);
/// `{"event": "error", "data": {message, code}}`: for a frame that could not be answered otherwise.
FramePtr encode_error_event(const Error& error);

}  // namespace ping::realtime::native
