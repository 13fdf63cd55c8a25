#include "ping/realtime/socketio/packet.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace ping::realtime::socketio;

namespace {

/// The first packet of these messages; nothing when there is none.
std::optional<Packet> first_packet(PacketDecoder& decoder, std::string_view text,
                                   std::string_view attachment) {
    auto packet = decoder.text(text);
    while (packet && !*packet) {
        packet = decoder.binary(attachment);
    }
    return packet ? *packet : std::nullopt;
}

}  // namespace

/// A packet that is taken has a fit name and at most ten attachments, and its encoding decodes to the same
/// packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    PacketDecoder decoder;
    const auto packet = first_packet(decoder, text, "\x01\x02");
    if (!packet) {
        return 0;
    }
    PacketDecoder second;
    const auto wire = encode_packet(*packet);
    const auto again = first_packet(second, std::string_view(wire).substr(1), "\x01\x02");
    const bool is_same = again && again->type == packet->type && again->nsp == packet->nsp &&
                         again->id == packet->id && again->event == packet->event &&
                         again->payload == packet->payload && again->attachments == packet->attachments;
    if (!is_same || packet->attachments.size() > 10 || is_reserved_event(packet->event)) {
        std::abort();
    }
    return 0;
}
