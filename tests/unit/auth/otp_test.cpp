#include "ping/auth/otp.hpp"

#include "support/fake_rng.hpp"

#include <catch2/catch.hpp>

#include <map>

using ping::auth::NewOtp;
using ping::auth::OtpCodes;
using ping::auth::OtpPurpose;

namespace {

std::vector<ping::crypto::JwtKey> keys(std::uint8_t seed) {
    ping::crypto::JwtKey key;
    key.id = "k" + std::to_string(seed);
    key.key.fill(seed);
    return {key};
}

ping::ephemeral::OtpChallenge challenge_of(const NewOtp& otp) {
    return {otp.id, otp.key_id, otp.nonce, otp.mac};
}

}  // namespace

TEST_CASE("otp: a code matches itself and nothing else", "[auth][otp]") {
    ping::test::FakeRng rng;
    OtpCodes codes(keys(1), rng);
    const auto otp = codes.make(OtpPurpose::email_login, "ana@x.io");
    CHECK(OtpCodes::is_code(otp.code));
    CHECK(codes.matcher(OtpPurpose::email_login, "ana@x.io", otp.code)(challenge_of(otp)));
    const std::string other = otp.code == "123456" ? "123457" : "123456";
    CHECK_FALSE(codes.matcher(OtpPurpose::email_login, "ana@x.io", other)(challenge_of(otp)));
    CHECK_FALSE(codes.matcher(OtpPurpose::email_login, "bo@x.io", otp.code)(challenge_of(otp)));
    auto moved = challenge_of(otp);
    moved.nonce[0] ^= 1U;
    CHECK_FALSE(codes.matcher(OtpPurpose::email_login, "ana@x.io", otp.code)(moved));
    moved = challenge_of(otp);
    moved.id[0] = moved.id[0] == 'a' ? 'b' : 'a';
    CHECK_FALSE(codes.matcher(OtpPurpose::email_login, "ana@x.io", otp.code)(moved));
}

TEST_CASE("otp: another server's key does not match, an unknown key id neither", "[auth][otp]") {
    ping::test::FakeRng rng;
    OtpCodes codes(keys(1), rng);
    OtpCodes others(keys(2), rng);
    const auto otp = others.make(OtpPurpose::email_login, "ana@x.io");
    auto challenge = challenge_of(otp);
    CHECK_FALSE(codes.matcher(OtpPurpose::email_login, "ana@x.io", otp.code)(challenge));
    challenge.key_id = "k1";
    CHECK_FALSE(codes.matcher(OtpPurpose::email_login, "ana@x.io", otp.code)(challenge));
}

TEST_CASE("otp: codes made before a key change still match", "[auth][otp]") {
    ping::test::FakeRng rng;
    OtpCodes before(keys(1), rng);
    const auto otp = before.make(OtpPurpose::email_login, "ana@x.io");
    auto both = keys(2);
    both.push_back(keys(1).front());
    OtpCodes after(both, rng);
    CHECK(after.matcher(OtpPurpose::email_login, "ana@x.io", otp.code)(challenge_of(otp)));
}

TEST_CASE("otp: codes are six digits, leading zeros included, and ids do not repeat", "[auth][otp]") {
    ping::test::FakeRng rng;
    OtpCodes codes(keys(1), rng);
    std::map<char, int> first_digits;
    std::map<std::string, int> ids;
    for (int i = 0; i < 2000; ++i) {
        const auto otp = codes.make(OtpPurpose::email_login, "ana@x.io");
        REQUIRE(OtpCodes::is_code(otp.code));
        ++first_digits[otp.code[0]];
        ++ids[otp.id];
    }
    CHECK(first_digits.size() == 10);
    CHECK(ids.size() == 2000);
}

TEST_CASE("otp: only six ASCII digits are a code", "[auth][otp]") {
    for (const auto* text :
         {"", "12345", "1234567", "12345a", " 12345", "12345 ", "-12345", "true", "１２３４５６"}) {
        CHECK_FALSE(OtpCodes::is_code(text));
    }
    CHECK(OtpCodes::is_code("000000"));
}
