#include "ping/crypto/seal.hpp"

#include "support/fake_rng.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::crypto;

TEST_CASE("seal: what is sealed comes back, under its key and context only", "[crypto]") {
    test::FakeRng rng;
    const auto key = derive_key("one", "jobs");
    for (const auto& plain :
         {std::string(), std::string("x"), std::string("\0\xFF", 2), std::string(100'000, 'm')}) {
        const auto sealed = seal(key, plain, "job 7", rng);
        CHECK(sealed.size() == plain.size() + 28);
        CHECK(unseal(key, sealed, "job 7") == plain);
        CHECK_FALSE(unseal(key, sealed, "job 8"));
        CHECK_FALSE(unseal(derive_key("two", "jobs"), sealed, "job 7"));
    }
}

TEST_CASE("seal: a changed bit or a cut anywhere is noticed", "[crypto]") {
    test::FakeRng rng;
    const auto key = derive_key("one", "jobs");
    const auto sealed = seal(key, "314159", "c", rng);
    CHECK(sealed.find("314159") == std::string::npos);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_FALSE(unseal(key, changed, "c"));
        CHECK_FALSE(unseal(key, sealed.substr(0, i), "c"));
    }
}

TEST_CASE("seal: the same text is never sealed the same way", "[crypto]") {
    test::FakeRng rng;
    const auto key = derive_key("one", "jobs");
    CHECK(seal(key, "a", "c", rng) != seal(key, "a", "c", rng));
}
