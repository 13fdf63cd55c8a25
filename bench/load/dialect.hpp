#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// How a server's events look on the wire. `native`: API.md §5; the plain `ws` peer speaks it too.
/// `socketio`: Socket.IO protocol 5 in Engine.IO 4, WebSocket only.
enum class Dialect : std::uint8_t { native, socketio };

/// "native" or "socketio"; throws std::runtime_error.
Dialect parse_dialect(std::string_view name);

std::string_view socket_path(Dialect dialect);
/// An event; `json` is its payload. With `ack` the server answers it.
std::string write_event(Dialect dialect, std::string_view name, std::string_view json, std::uint64_t ack);
/// Whether a text from the server answers an event. Throws std::runtime_error when it answers with an error.
bool is_answer(Dialect dialect, std::string_view text);

/// What the conversation before the first event needs next, after `text` came from the server.
struct Greeting {
    bool is_ready = false;  ///< the server knows who we are
    std::string reply;      ///< to be sent when not empty
};
Greeting greet(Dialect dialect, std::string_view text, std::string_view token);

/// What keeps the connection alive, if `text` asks for it: an answer, empty when it does not.
std::string_view heartbeat_answer(Dialect dialect, std::string_view text);

}  // namespace bench
