#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// RFC 6455 §5.2.
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct ServerFrame {
    Opcode opcode;
    std::string_view payload;
    std::size_t size;  ///< of the whole frame
};

/// The frame at the start of `bytes`; nothing while it is not there in full. Throws std::runtime_error for
/// what the load does not expect of a server: fragments, a mask, reserved bits.
std::optional<ServerFrame> read_server_frame(std::string_view bytes);

/// A masked frame (clients must mask).
std::string client_frame(Opcode opcode, std::string_view payload);

}  // namespace bench
