// The port of the codes: what a guess is compared with, how many are, and what the right one does.
#include "contract/otp_helpers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {
namespace {

using ephemeral::OtpIssueOutcome;
using ephemeral::OtpVerdict;

/// Forty guesses at each of 200 codes, those of twenty codes at once and mixed, and half of them bound if so
/// wished: the least and the most guesses at one code that got the verdict.
std::pair<int, int> verdicts_per_code(OtpFixture& fixture, const ephemeral::OtpMatcher& is_right,
                                      OtpVerdict verdict, bool is_bound_too) {
    constexpr int at_once = 20;
    constexpr int guesses = 40;
    const auto now = fixture.clock.now();
    const auto subject = [](int code) { return "user" + std::to_string(code) + "@example.org"; };
    Codes codes(fixture);
    std::vector<int> counts;
    for (int first = 0; first < 200; first += at_once) {
        for (int code = first; code < first + at_once; ++code) {
            codes.issue(subject(code), subject(code));
        }
        const auto guessed = run_all(fixture.loop, at_once * guesses, [&](int i) {
            const auto code = subject(first + i % at_once);
            const bool is_bound = is_bound_too && i / at_once % 2 == 1;
            return fixture.codes().guess({code, is_bound ? code : "", now, is_right});
        });
        for (int code = 0; code < at_once; ++code) {
            Guessed of_code;
            for (int i = code; i < at_once * guesses; i += at_once) {
                of_code.push_back(guessed[static_cast<std::size_t>(i)]);
            }
            counts.push_back(count(of_code, verdict));
        }
    }
    const auto [least, most] = std::ranges::minmax(counts);
    return {least, most};
}

}  // namespace

TEST_CASE("codes: a paid guess is compared with what the code was issued with", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    CHECK(codes.guess_right() == OtpVerdict::refused);
    CHECK_FALSE(codes.current());
    REQUIRE(codes.issue("one").outcome == OtpIssueOutcome::issued);
    CHECK(codes.current() == "one");
    ephemeral::OtpChallenge challenge;
    const auto note = [&](const ephemeral::OtpChallenge& shown) {
        challenge = shown;
        return false;
    };
    CHECK(codes.guess(note) == OtpVerdict::wrong);
    CHECK(challenge.id == "one");
    CHECK(challenge.key_id == "k1");
    CHECK(challenge.nonce.back() == 7);
    CHECK(challenge.mac.back() == 9);
    CHECK(codes.guess_right("", "eve@example.org") == OtpVerdict::refused);
}

TEST_CASE("codes: the right guess spends the code and says which", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    CHECK(codes.guess_wrong() == OtpVerdict::wrong);
    CHECK(codes.spent().empty());
    CHECK(codes.current() == "one");
    CHECK(codes.guess_right() == OtpVerdict::right);
    CHECK(codes.spent() == "one");
    CHECK_FALSE(codes.current());
    CHECK(codes.guess_right("one") == OtpVerdict::refused);
    CHECK(codes.issue("at once").outcome == OtpIssueOutcome::wait);
}

TEST_CASE("T11: a refused guess is compared too, with nobody's challenge", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    std::vector<std::string> compared;
    const auto note = [&](const ephemeral::OtpChallenge& shown) {
        compared.push_back(shown.key_id + shown.id);
        return true;
    };
    CHECK(codes.guess(note, "another flow") == OtpVerdict::refused);
    CHECK(codes.guess(note, "", "eve@example.org") == OtpVerdict::refused);
    CHECK(compared == std::vector<std::string>(2, std::string(32, '0')));
}

TEST_CASE("T1: a code takes 5 bound and 5 unbound guesses", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    CHECK(codes.compared(200) == 5);
    CHECK(codes.compared(200, "another flow") == 0);
    CHECK(codes.compared(200, "one") == 5);
    CHECK(codes.guess_right() == OtpVerdict::refused);
    CHECK(codes.guess_right("one") == OtpVerdict::refused);
}

TEST_CASE("T2: of 1000 concurrent guesses exactly 5 are compared", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    const auto now = fixture->clock.now();
    const auto guess = [&](const std::string& flow) {
        return run_all(fixture->loop, 1000,
                       [&](int) { return fixture->codes().guess({ada, flow, now, wrong}); });
    };
    CHECK(count(guess("one"), OtpVerdict::wrong) == 5);
    CHECK(count(guess(""), OtpVerdict::wrong) == 5);
}

TEST_CASE("T2: in 200 rounds of concurrent guesses exactly 5 are compared", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    CHECK(verdicts_per_code(*fixture, wrong, OtpVerdict::wrong, false) == std::pair(5, 5));
}

TEST_CASE("T6: in 200 rounds of concurrent right guesses exactly one is right", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    CHECK(verdicts_per_code(*fixture, right, OtpVerdict::right, true) == std::pair(1, 1));
}

TEST_CASE("T6: of 1000 concurrent right guesses exactly one is right", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    const auto now = fixture->clock.now();
    const auto guessed = run_all(fixture->loop, 1000, [&](int i) {
        return fixture->codes().guess({ada, i % 2 == 0 ? "" : "one", now, right});
    });
    CHECK(count(guessed, OtpVerdict::right) == 1);
    CHECK(codes.guess_right() == OtpVerdict::refused);
}

}  // namespace ping::test
