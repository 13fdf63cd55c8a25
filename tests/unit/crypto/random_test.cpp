#include "ping/crypto/random.hpp"

#include "support/fake_rng.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <deque>

using namespace ping;

namespace {

/// Gives the numbers it is told to.
class ScriptedRng final : public Rng {
public:
    explicit ScriptedRng(std::deque<std::uint32_t> numbers) : numbers_(std::move(numbers)) {}
    void fill(std::span<std::uint8_t> bytes) override {
        std::memcpy(bytes.data(), &numbers_.front(), bytes.size());
        numbers_.pop_front();
    }

private:
    std::deque<std::uint32_t> numbers_;
};

}  // namespace

TEST_CASE("random: uniform rejects what would favour small numbers", "[crypto]") {
    // 2^32 mod 1,000,000 is 967,296: the numbers below that are one too many.
    ScriptedRng rng({0, 967'295, 967'296, 0xFFFFFFFF});
    CHECK(crypto::uniform(rng, 1'000'000) == 967'296);
    CHECK(crypto::uniform(rng, 1'000'000) == 0xFFFFFFFFU % 1'000'000);
}

TEST_CASE("random: uniform reaches every value below the bound and none above", "[crypto]") {
    test::FakeRng rng;
    std::array<int, 6> counts{};
    for (int i = 0; i < 6000; ++i) {
        ++counts.at(crypto::uniform(rng, 6));
    }
    for (const auto count : counts) {
        CHECK(count > 800);
        CHECK(count < 1200);
    }
    CHECK(crypto::uniform(rng, 1) == 0);
}

TEST_CASE("random: hex has two digits a byte", "[crypto]") {
    ScriptedRng rng({0x0AFF0010});
    CHECK(crypto::random_hex(rng, 4) == "1000ff0a");
}

TEST_CASE("random: the system's generator does not repeat itself", "[crypto]") {
    SystemRng rng;
    CHECK(crypto::random_hex(rng, 32) != crypto::random_hex(rng, 32));
}
