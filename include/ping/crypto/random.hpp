#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ping {

/// Where all randomness comes from, so that tests can choose it. Any thread.
class Rng {
public:
    virtual ~Rng() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// The system's generator (RAND_bytes). Ends the process when it has none to give: nothing safe could follow.
class SystemRng final : public Rng {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

namespace crypto {
/// Evenly distributed in [0, bound), by rejection.
std::uint32_t uniform(Rng& rng, std::uint32_t bound);
/// `bytes` random bytes as lower-case hex.
std::string random_hex(Rng& rng, std::size_t bytes);
}  // namespace crypto
}  // namespace ping
