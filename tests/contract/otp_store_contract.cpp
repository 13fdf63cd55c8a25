#include "contract/otp_helpers.hpp"

#include <catch2/catch.hpp>

namespace ping::test {
namespace {

using ephemeral::OtpIssueOutcome;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

int count_granted(const std::vector<Result<std::optional<ephemeral::OtpChallenge>>>& results) {
    int granted = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        granted += result->has_value() ? 1 : 0;
    }
    return granted;
}

}  // namespace

TEST_CASE("codes: a paid guess gets what the code was issued with", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    CHECK_FALSE(codes.charge());
    CHECK_FALSE(codes.current());
    REQUIRE(codes.issue("one").outcome == OtpIssueOutcome::issued);
    CHECK(codes.current() == "one");
    const auto challenge = codes.charge();
    REQUIRE(challenge);
    CHECK(challenge->id == "one");
    CHECK(challenge->key_id == "k1");
    CHECK(challenge->nonce.back() == 7);
    CHECK(challenge->mac.back() == 9);
    CHECK_FALSE(codes.charge("", "eve@example.org"));
}

TEST_CASE("T1: a code takes 5 bound and 5 unbound guesses", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    CHECK(codes.granted(200) == 5);
    CHECK(codes.granted(200, "another flow") == 0);
    CHECK(codes.granted(200, "one") == 5);
}

TEST_CASE("T2: 1000 concurrent guesses are granted exactly 5 times", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    const auto now = fixture->clock.now();
    const auto charge = [&](const std::string& flow) {
        return run_all(fixture->loop, 1000, [&](int) { return fixture->codes().charge(ada, flow, now); });
    };
    CHECK(count_granted(charge("one")) == 5);
    CHECK(count_granted(charge("")) == 5);
}

TEST_CASE("T3: failures lock the account for longer each time, whatever the number of codes", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    int evaluated = 0;
    int number = 0;
    std::vector<seconds> locks;
    const auto start = fixture->clock.now();
    while (fixture->clock.now() - start < hours(24)) {
        const auto issued = codes.issue("code" + std::to_string(++number));
        if (issued.outcome == OtpIssueOutcome::locked) {
            locks.push_back(issued.retry_after);
        }
        if (issued.outcome != OtpIssueOutcome::issued) {
            CHECK(codes.granted(3) == 0);
            fixture->clock.advance(issued.retry_after);
            continue;
        }
        evaluated += codes.granted(20) + codes.granted(20, "code" + std::to_string(number));
        CHECK((evaluated <= 15 || !locks.empty()));
    }
    CHECK(evaluated <= 60);
    REQUIRE(locks.size() >= 3);
    CHECK(locks[0] == minutes(15));
    CHECK(locks[1] == hours(1));
    CHECK(locks[2] == hours(6));
}

TEST_CASE("codes: the lock grows to a day and from 100 failures on each one costs a day", "[otp]") {
    const ephemeral::OtpLimits limits;
    CHECK(ephemeral::lock_after(0, limits) == seconds(0));
    CHECK(ephemeral::lock_after(14, limits) == seconds(0));
    CHECK(ephemeral::lock_after(15, limits) == minutes(15));
    CHECK(ephemeral::lock_after(16, limits) == seconds(0));
    CHECK(ephemeral::lock_after(30, limits) == hours(1));
    CHECK(ephemeral::lock_after(45, limits) == hours(6));
    CHECK(ephemeral::lock_after(60, limits) == hours(24));
    CHECK(ephemeral::lock_after(90, limits) == hours(24));
    CHECK(ephemeral::lock_after(99, limits) == seconds(0));
    CHECK(ephemeral::lock_after(101, limits) == hours(24));
}

TEST_CASE("T4: a new code does not forget the failures", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    int evaluated = codes.granted(4);
    for (const char* id : {"two", "three", "four"}) {
        codes.issue_later(id);
        evaluated += codes.granted(200);
    }
    CHECK(evaluated == 15);
    fixture->clock.advance(minutes(2));
    CHECK(codes.issue("five").outcome == OtpIssueOutcome::locked);
}

TEST_CASE("codes: the last guess before the lock may still be right, and a success clears the failures",
          "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    codes.granted(10);
    codes.issue_later("two");
    codes.granted(5);
    codes.issue_later("three");
    REQUIRE(codes.granted(5) == 5);
    REQUIRE_FALSE(codes.charge("three"));
    CHECK(codes.consume("three"));
    codes.issue_later("four");
    CHECK(codes.granted(1) == 1);
}

TEST_CASE("T6: 1000 concurrent spenders of a code are granted exactly once", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    const auto now = fixture->clock.now();
    CHECK_FALSE(codes.consume("another"));
    const auto results =
        run_all(fixture->loop, 1000, [&](int) { return fixture->codes().consume(ada, "one", now); });
    int spent = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        spent += *result ? 1 : 0;
    }
    CHECK(spent == 1);
    CHECK_FALSE(codes.charge());
}

TEST_CASE("T7: a new code takes the place of the old one", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    CHECK(codes.granted(5, "one") == 5);
    codes.issue_later("two");
    CHECK(codes.current() == "two");
    CHECK_FALSE(codes.charge("one"));
    CHECK_FALSE(codes.consume("one"));
    CHECK(codes.granted(9, "two") == 5);
}

TEST_CASE("T8: a code lives for 300 seconds", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    fixture->clock.advance(seconds(299));
    CHECK(codes.charge());
    CHECK(codes.current() == "one");
    fixture->clock.advance(seconds(2));
    CHECK_FALSE(codes.charge());
    CHECK_FALSE(codes.current());
    CHECK_FALSE(codes.consume("one"));
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
        CHECK_FALSE(codes.charge());
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
        REQUIRE(codes.charge(text, text));
        CHECK(codes.charge(text, text)->id == text);
        CHECK(codes.consume(text, text));
    }
}

}  // namespace ping::test
