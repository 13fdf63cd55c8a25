#include "ping/crypto/hmac.hpp"

#include "ping/crypto/base64url.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::crypto;

namespace {

std::string hex(std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

TEST_CASE("hmac: RFC 4231, cases 1 and 2", "[crypto]") {
    CHECK(hex(hmac_sha256(bytes_of(std::string(20, '\x0b')), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(hmac_sha256(bytes_of("Jefe"), "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("hmac: RFC 7515 A.1, the example of JWS", "[crypto]") {
    const auto key = base64url_decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    REQUIRE(key);
    const std::string header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
    const std::string claims =
        "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    const auto text = base64url_encode(header) + "." + base64url_encode(claims);
    CHECK(text ==
          "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"
          "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ");
    const auto mac = hmac_sha256(bytes_of(*key), text);
    CHECK(base64url_encode(std::string(mac.begin(), mac.end())) ==
          "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST_CASE("hmac: SHA-256 of FIPS 180's abc", "[crypto]") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("hmac: HKDF without salt, RFC 5869 case 3 for an empty label", "[crypto]") {
    CHECK(hex(derive_key(std::string(22, '\x0b'), "")) ==
          "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    CHECK(derive_key("secret", "jwt") != derive_key("secret", "otp"));
    CHECK(derive_key("secret", "jwt") == derive_key("secret", "jwt"));
}

TEST_CASE("hmac: equal compares length and every byte", "[crypto]") {
    CHECK(equal(bytes_of("abc"), bytes_of("abc")));
    CHECK(equal(bytes_of(""), bytes_of("")));
    CHECK_FALSE(equal(bytes_of("abc"), bytes_of("abd")));
    CHECK_FALSE(equal(bytes_of("abc"), bytes_of("ab")));
}
