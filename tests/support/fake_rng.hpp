#pragma once

#include "ping/crypto/random.hpp"

#include <mutex>
#include <random>

namespace ping::test {

/// The same bytes for the same seed. Any thread.
class FakeRng final : public Rng {
public:
    explicit FakeRng(std::uint64_t seed = 1) : engine_(seed) {}
    void fill(std::span<std::uint8_t> bytes) override {
        const std::scoped_lock lock(mutex_);
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(engine_());
        }
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

}  // namespace ping::test
