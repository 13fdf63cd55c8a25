#include "ping/crypto/random.hpp"

#include "ping/core/log.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace ping {

void SystemRng::fill(std::span<std::uint8_t> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        log::error("crypto.no_randomness");
        log::flush();
        std::abort();
    }
}

namespace crypto {

std::uint32_t uniform(Rng& rng, std::uint32_t bound) {
    // Values below 2^32 mod bound would make small results a little more likely.
    const std::uint32_t least = (0U - bound) % bound;
    while (true) {
        std::array<std::uint8_t, 4> bytes{};
        rng.fill(bytes);
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data(), bytes.size());
        if (value >= least) {
            return value % bound;
        }
    }
}

std::string random_hex(Rng& rng, std::size_t bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::vector<std::uint8_t> raw(bytes);
    rng.fill(raw);
    std::string text;
    text.reserve(bytes * 2);
    for (const auto byte : raw) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

}  // namespace crypto
}  // namespace ping
