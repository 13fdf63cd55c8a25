#include "ping/core/id.hpp"

#include <algorithm>

namespace ping {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

}  // namespace

std::string to_hex(const IdBytes& bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

std::optional<IdBytes> parse_id(std::string_view text) {
    IdBytes bytes{};
    if (text.size() != bytes.size() * 2) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return bytes;
}

SystemIdGenerator::SystemIdGenerator(const Clock& clock, const std::array<std::uint8_t, 8>& random)
    : clock_(clock),
      counter_((std::uint32_t{random[5]} << 16U) | (std::uint32_t{random[6]} << 8U) | random[7]) {
    std::copy_n(random.begin(), process_.size(), process_.begin());
}

IdBytes SystemIdGenerator::next() {
    const auto seconds = static_cast<std::uint32_t>(to_millis(clock_.now()) / 1000);
    const auto count = counter_++;
    IdBytes bytes{};
    for (unsigned i = 0; i < 4; ++i) {
        bytes[i] = static_cast<std::uint8_t>(seconds >> (24U - 8U * i));
    }
    std::copy(process_.begin(), process_.end(), bytes.begin() + 4);
    for (unsigned i = 0; i < 3; ++i) {
        bytes[9 + i] = static_cast<std::uint8_t>(count >> (16U - 8U * i));
    }
    return bytes;
}

}  // namespace ping
