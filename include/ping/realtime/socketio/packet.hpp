#pragma once

#include "ping/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ping::realtime::socketio {

/// The packets of the Socket.IO protocol, revision 5. On the wire each is the digit of its number here.
enum class PacketType { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

/// One packet. JSON stays the text it came as: key order, numbers and escapes are the sender's, so what is
/// passed on is the same byte for byte.
struct Packet {
    PacketType type = PacketType::event;
    std::string nsp = "/";
    std::optional<std::uint64_t> id{};  ///< an event that wants an ack; always there in an ack
    std::string event{};                ///< events only: the name (a number's text where it is one)
    /// Events and acks: the arguments behind the name as JSON, between commas, without brackets; may be
    /// empty. Connect and connect_error: one JSON object; may be empty in a connect.
    std::string payload{};
    /// Binary packets only: what the placeholders in `payload` stand for, in order.
    std::vector<std::string> attachments{};
};

/// Bounds of what a client may send (TRUST.md T40).
struct PacketLimits {
    std::size_t bytes = 64 * 1024;  ///< text and attachments of one packet together
    std::size_t attachments = 10;
    std::size_t nsp_bytes = 128;
    std::size_t depth = 16;
    std::size_t keys = 256;
};

/// Names that a library of the other side uses for itself; as events they are refused.
bool is_reserved_event(std::string_view name);

/// The packet's text as an Engine.IO message, the engine's `4` included. Attachments follow as binary
/// messages.
std::string encode_packet(const Packet& packet);

/// Puts a client's packets together from messages. Sans-io; after an error the connection is to be closed.
class PacketDecoder {
public:
    explicit PacketDecoder(PacketLimits limits = {}) : limits_(limits) {}

    /// From now on packets may be larger or smaller.
    void set_bytes_limit(std::size_t bytes) { limits_.bytes = bytes; }
    /// A text message, without the engine's `4`. The packet, or nothing while attachments are to come.
    /// invalid when it is no packet, one that only servers send, or comes where an attachment is due.
    Result<std::optional<Packet>> text(std::string_view message);
    /// A binary message. invalid when none is due.
    Result<std::optional<Packet>> binary(std::string_view bytes);

private:
    PacketLimits limits_;
    std::optional<Packet> waiting_;
    std::size_t missing_ = 0;   ///< attachments that `waiting_` still needs
    std::size_t received_ = 0;  ///< bytes of `waiting_` so far
};

}  // namespace ping::realtime::socketio
