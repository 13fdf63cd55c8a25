// The port of the codes: how often one is issued, how long it lives, and how it is taken back.
#include "contract/otp_helpers.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace ping::test {
namespace {

using ephemeral::OtpIssueOutcome;
using ephemeral::OtpVerdict;
using std::chrono::hours;
using std::chrono::seconds;

}  // namespace

TEST_CASE("T7: a new code takes the place of the old one", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    CHECK(codes.compared(5, "one") == 5);
    codes.issue_later("two");
    CHECK(codes.current() == "two");
    CHECK(codes.guess_right("one") == OtpVerdict::refused);
    CHECK(codes.compared(9, "two") == 5);
}

TEST_CASE("T8: a code lives for 300 seconds", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    fixture->clock.advance(seconds(299));
    CHECK(codes.guess_wrong() == OtpVerdict::wrong);
    CHECK(codes.current() == "one");
    fixture->clock.advance(seconds(2));
    CHECK(codes.guess_right() == OtpVerdict::refused);
    CHECK_FALSE(codes.current());
    CHECK(codes.guess_right("one") == OtpVerdict::refused);
}

TEST_CASE("T13: one mail a minute, five an hour, ten a day per mailbox", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    int sent = 0;
    int number = 0;
    const auto start = fixture->clock.now();
    std::vector<Time> mails;
    while (fixture->clock.now() - start < hours(24)) {
        const auto issued = codes.issue(std::to_string(++number));
        if (issued.outcome == OtpIssueOutcome::issued) {
            ++sent;
            mails.push_back(fixture->clock.now());
            const auto at_once = codes.issue(std::to_string(++number));
            CHECK(at_once.outcome == OtpIssueOutcome::wait);
            CHECK(at_once.retry_after == seconds(60));
            fixture->clock.advance(seconds(1));
        } else {
            REQUIRE(issued.retry_after > seconds(0));
            fixture->clock.advance(issued.retry_after);
        }
    }
    CHECK(sent == 10);
    for (std::size_t i = 5; i < mails.size(); ++i) {
        CHECK(mails[i] - mails[i - 5] >= hours(1));
    }
    // Waiting as long as was said is long enough.
    CHECK(codes.issue("next day").outcome == OtpIssueOutcome::issued);
}

TEST_CASE("T13: 500 concurrent issues send one code", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    std::vector<ephemeral::OtpIssue> requests(500);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        requests[i].subject = ada;
        requests[i].mailbox = ada;
        requests[i].id = std::to_string(i);
        requests[i].now = fixture->clock.now();
    }
    const auto results = run_all(fixture->loop, 500, [&](int i) {
        return fixture->codes().issue(requests[static_cast<std::size_t>(i)]);
    });
    int issued = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        issued += result->outcome == OtpIssueOutcome::issued ? 1 : 0;
        CHECK((result->outcome == OtpIssueOutcome::issued || result->outcome == OtpIssueOutcome::wait));
    }
    CHECK(issued == 1);
}

TEST_CASE("T13: addresses of one mailbox share its limit", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    const auto issue = [&](int number) {
        ephemeral::OtpIssue request;
        request.subject = "ada+" + std::to_string(number) + "@example.org";
        request.mailbox = ada;
        return codes.issue(request, std::to_string(number)).outcome;
    };
    for (int i = 0; i < 5; ++i) {
        CHECK(issue(i) == OtpIssueOutcome::issued);
    }
    CHECK(issue(5) == OtpIssueOutcome::quota);
}

TEST_CASE("codes: withdraw takes back the code, the resend lock and the send", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    for (int i = 0; i < 20; ++i) {
        const auto id = std::to_string(i);
        REQUIRE(codes.issue(id).outcome == OtpIssueOutcome::issued);
        codes.withdraw(id);
        CHECK_FALSE(codes.current());
        CHECK(codes.guess_right() == OtpVerdict::refused);
    }
    codes.issue("kept");
    codes.withdraw("another");
    CHECK(codes.current() == "kept");
    CHECK(codes.issue("next").outcome == OtpIssueOutcome::wait);
}

TEST_CASE("T47: hostile texts are values in every field of a code", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    for (const auto& text : hostile_texts) {
        REQUIRE(codes.issue(text, text).outcome == OtpIssueOutcome::issued);
        CHECK(codes.guess_wrong(text, text) == OtpVerdict::wrong);
        CHECK(codes.guess_right(text, text) == OtpVerdict::right);
        CHECK(codes.spent() == text);
    }
}

}  // namespace ping::test
