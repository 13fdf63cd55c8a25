#include "ping/realtime/socketio/engine_packet.hpp"

#include "ping/core/utf8.hpp"
#include "ping/crypto/base64.hpp"

#include <algorithm>

namespace ping::realtime::socketio {
namespace {

constexpr char binary_mark = 'b';

Error bad_packet(std::string message) {
    return errors::invalid(std::move(message), "bad_packet");
}

/// `record` is a part of the body that may be written to.
Result<EnginePacket> parse_record(char* record, std::size_t size) {
    const std::string_view text(record, size);
    if (!text.starts_with(binary_mark)) {
        return parse_engine_packet(text);
    }
    const auto bytes = crypto::base64_decode(text.substr(1));
    if (!bytes) {
        return bad_packet("A binary packet is not base64");
    }
    std::copy(bytes->begin(), bytes->end(), record);  // always shorter than its base64
    EnginePacket packet;
    packet.is_binary = true;
    packet.data = std::string_view(record, bytes->size());
    return packet;
}

}  // namespace

Result<EnginePacket> parse_engine_packet(std::string_view text) {
    if (text.empty() || text.front() < '0' || text.front() > '6') {
        return bad_packet("A packet begins with a digit from 0 to 6");
    }
    EnginePacket packet;
    packet.type = static_cast<EngineType>(text.front() - '0');
    packet.data = text.substr(1);
    return packet;
}

Result<std::vector<EnginePacket>> parse_payload(std::string& body) {
    if (!utf8::is_valid(body)) {
        return bad_packet("The body is not UTF-8");
    }
    const auto separators = std::count(body.begin(), body.end(), packet_separator);
    if (static_cast<std::size_t>(separators) >= packets_per_payload) {
        return bad_packet("Too many packets in one body");
    }
    std::vector<EnginePacket> packets;
    packets.reserve(static_cast<std::size_t>(separators) + 1);
    std::size_t start = 0;
    for (auto left = separators + 1; left > 0; --left) {
        // Found before the record is decoded: what is written into it may look like a separator.
        const auto end = std::min(body.find(packet_separator, start), body.size());
        auto packet = parse_record(body.data() + start, end - start);
        if (!packet) {
            return packet.error();
        }
        packets.push_back(*packet);
        start = end + 1;
    }
    return packets;
}

void append_to_payload(std::string& payload, const EnginePacket& packet) {
    if (!payload.empty()) {
        payload += packet_separator;
    }
    if (packet.is_binary) {
        payload += binary_mark;
        payload += crypto::base64_encode(packet.data);
    } else {
        payload += static_cast<char>('0' + static_cast<int>(packet.type));
        payload += packet.data;
    }
}

}  // namespace ping::realtime::socketio
