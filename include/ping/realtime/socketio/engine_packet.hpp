#pragma once

#include "ping/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ping::realtime::socketio {

/// The packets of the Engine.IO protocol, revision 4. On the wire each is the digit of its number here.
enum class EngineType { open, close, ping, pong, message, upgrade, noop };

/// One packet. Over a WebSocket a text frame is one; a binary frame is a binary message and nothing else.
struct EnginePacket {
    EngineType type = EngineType::message;
    bool is_binary = false;  ///< a message of bytes; only then may `data` be other than UTF-8
    std::string_view data{};
};

/// Between the packets of a polling body: the record separator.
inline constexpr char packet_separator = '\x1e';
/// Packets that one polling body may hold (TRUST.md T40).
inline constexpr std::size_t packets_per_payload = 100;

/// The packet of a text frame; `data` is a view into `text`. invalid when its type is none.
Result<EnginePacket> parse_engine_packet(std::string_view text);

/// The packets of a polling body, in order. The views point into `body`, where binary packets (`b` and
/// base64) are decoded in place. invalid when one of them is malformed, the text is no UTF-8, or there are
/// too many.
Result<std::vector<EnginePacket>> parse_payload(std::string& body);

/// Adds a packet to a polling body, behind a separator where it is not the first.
void append_to_payload(std::string& payload, const EnginePacket& packet);

}  // namespace ping::realtime::socketio
