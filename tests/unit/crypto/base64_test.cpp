#include "ping/crypto/base64.hpp"

#include "ping/crypto/base64url.hpp"

#include <catch2/catch.hpp>

using namespace ping::crypto;

TEST_CASE("base64url: RFC 4648's vectors without padding, both ways", "[crypto]") {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xBF", "-_-_"},
    };
    for (const auto& [plain, encoded] : vectors) {
        CHECK(base64url_encode(plain) == encoded);
        CHECK(base64url_decode(encoded) == plain);
    }
}

TEST_CASE("base64url: only the one spelling of some bytes is taken", "[crypto]") {
    for (const auto* const bad :
         {"Z", "Zm9vY", "Zg==", "Zm8=", "Zm9v\n", "Zm 9v", "+/+/", "Zh", "Zm9", "\xC3\xA4"}) {
        INFO(bad);
        CHECK_FALSE(base64url_decode(bad));
    }
}

TEST_CASE("base64: RFC 4648's vectors with padding, both ways", "[crypto]") {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},        {"f", "Zg=="},          {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xBF", "+/+/"},
    };
    for (const auto& [plain, encoded] : vectors) {
        CHECK(base64_encode(plain) == encoded);
        CHECK(base64_decode(encoded) == plain);
    }
}

TEST_CASE("base64: only the one spelling of some bytes is taken", "[crypto]") {
    for (const auto* const bad :
         {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Zm8=Zm8=", "-_-_", "Zh==", "Zm 9"}) {
        INFO(bad);
        CHECK_FALSE(base64_decode(bad));
    }
}
