#include "ws_frame.hpp"

#include <array>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t two_byte_length = 126;
constexpr std::uint8_t eight_byte_length = 127;
// Any key will do: masks protect proxies, and there is none here.
constexpr std::array<std::uint8_t, 4> mask{0x3A, 0xC5, 0x91, 0x6E};

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<std::uint8_t>(bytes[index]);
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) {
        value = (value << 8) | static_cast<std::uint8_t>(c);
    }
    return value;
}

}  // namespace

std::optional<ServerFrame> read_server_frame(std::string_view bytes) {
    if (bytes.size() < 2) {
        return std::nullopt;
    }
    const auto first = byte_at(bytes, 0);
    std::uint64_t length = byte_at(bytes, 1);
    if ((first & final_bit) == 0 || (first & reserved_bits) != 0 || (length & mask_bit) != 0) {
        throw std::runtime_error("a WebSocket frame of a kind that the load generator does not read");
    }
    std::size_t head = 2;
    if (length >= two_byte_length) {
        const std::size_t extended = length == eight_byte_length ? 8 : 2;
        head += extended;
        if (bytes.size() < head) {
            return std::nullopt;
        }
        length = big_endian(bytes.substr(2, extended));
    }
    if (bytes.size() - head < length) {
        return std::nullopt;
    }
    return ServerFrame{static_cast<Opcode>(first & 0x0F), bytes.substr(head, length), head + length};
}

std::string client_frame(Opcode opcode, std::string_view payload) {
    if (payload.size() > 0xFFFF) {
        throw std::runtime_error("a WebSocket frame larger than the load generator sends");
    }
    std::string frame;
    frame.reserve(payload.size() + 8);
    frame.push_back(static_cast<char>(final_bit | static_cast<std::uint8_t>(opcode)));
    if (payload.size() < two_byte_length) {
        frame.push_back(static_cast<char>(mask_bit | payload.size()));
    } else {
        frame.push_back(static_cast<char>(mask_bit | two_byte_length));
        frame.push_back(static_cast<char>(payload.size() >> 8));
        frame.push_back(static_cast<char>(payload.size() & 0xFF));
    }
    for (const auto byte : mask) {
        frame.push_back(static_cast<char>(byte));
    }
    for (std::size_t i = 0; i < payload.size(); ++i) {
        frame.push_back(static_cast<char>(byte_at(payload, i) ^ mask.at(i % mask.size())));
    }
    return frame;
}

}  // namespace bench
