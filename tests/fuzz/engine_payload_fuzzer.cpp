#include "ping/realtime/socketio/engine_packet.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace ping::realtime::socketio;

/// A polling body that is taken has at most 100 packets, and encoding them gives the same body again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string wire(data, data + size);
    static_cast<void>(parse_engine_packet(wire).has_value());
    auto body = wire;
    const auto packets = parse_payload(body);
    if (!packets) {
        return 0;
    }
    std::string again;
    for (const auto& packet : *packets) {
        append_to_payload(again, packet);
    }
    if (packets->size() > packets_per_payload || again != wire) {
        std::abort();
    }
    return 0;
}
