// The port of the codes: failures lock an account, and many of them everywhere make that sooner.
#include "contract/otp_helpers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {
namespace {

using ephemeral::OtpIssueOutcome;
using ephemeral::OtpVerdict;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// A code for each account `first` to `last`, and one wrong guess at it. Returns what the last was told.
std::int64_t spray(OtpFixture& fixture, int first, int last) {
    const auto now = fixture.clock.now();
    const auto subject = [](int number) { return "user" + std::to_string(number) + "@example.org"; };
    constexpr int at_a_time = 1000;  // a client of Redis has a bound on what waits
    std::int64_t failures = 0;
    for (int begin = first; begin < last; begin += at_a_time) {
        const int size = std::min(at_a_time, last - begin);
        run_all(fixture.loop, size, [&](int i) {
            ephemeral::OtpIssue request;
            request.subject = request.mailbox = request.id = subject(begin + i);
            request.now = now;
            return fixture.codes().issue(std::move(request));
        });
        const auto guessed = run_all(fixture.loop, size, [&](int i) {
            return fixture.codes().guess({subject(begin + i), "", now, wrong});
        });
        CHECK(count(guessed, OtpVerdict::wrong) == size);
        failures = guessed.back()->failures_of_all;
    }
    return failures;
}

}  // namespace

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
            CHECK(codes.compared(3) == 0);
            fixture->clock.advance(issued.retry_after);
            continue;
        }
        evaluated += codes.compared(20) + codes.compared(20, "code" + std::to_string(number));
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
    const auto calm = [&](int failures) { return ephemeral::lock_after(failures, 19'999, limits); };
    CHECK(calm(0) == seconds(0));
    CHECK(calm(14) == seconds(0));
    CHECK(calm(15) == minutes(15));
    CHECK(calm(16) == seconds(0));
    CHECK(calm(30) == hours(1));
    CHECK(calm(45) == hours(6));
    CHECK(calm(60) == hours(24));
    CHECK(calm(90) == hours(24));
    CHECK(calm(99) == seconds(0));
    CHECK(calm(101) == hours(24));
    const auto attacked = [&](int failures) { return ephemeral::lock_after(failures, 20'000, limits); };
    CHECK(attacked(4) == seconds(0));
    CHECK(attacked(5) == minutes(15));
    CHECK(attacked(10) == hours(1));
    CHECK(attacked(15) == hours(6));
    CHECK(attacked(20) == hours(24));
    CHECK(attacked(101) == hours(24));
}

TEST_CASE("T4: a new code does not forget the failures", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.issue("one");
    int evaluated = codes.compared(4);
    for (const char* id : {"two", "three", "four"}) {
        codes.issue_later(id);
        evaluated += codes.compared(200);
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
    codes.compared(10);
    codes.issue_later("two");
    codes.compared(5);
    codes.issue_later("three");
    REQUIRE(codes.compared(4) == 4);
    CHECK(codes.guess_right("three") == OtpVerdict::right);
    codes.issue_later("four");
    CHECK(codes.compared(1) == 1);
}

TEST_CASE("F12: a clock that is put back locks nobody out who was not locked", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    const auto step_back =
        GENERATE(std::chrono::seconds(10), std::chrono::hours(1), std::chrono::hours(30 * 24));
    codes.issue("one");
    CHECK(codes.guess_wrong() == OtpVerdict::wrong);
    fixture->clock.set_now(fixture->clock.now() - step_back);
    CHECK(codes.guess_right("one") == OtpVerdict::right);
    fixture->clock.advance(minutes(1));
    CHECK(codes.issue("two").outcome != OtpIssueOutcome::locked);
    if (step_back >= std::chrono::hours(1)) {
        // Nor is the wait for the next code longer than it ever was.
        CHECK(codes.issue("three").outcome == OtpIssueOutcome::wait);
        CHECK(codes.guess_right("two") == OtpVerdict::right);
    }
}

TEST_CASE("F12: a lock lasts when the clock is put back a little, and not for ever", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    for (const char* id : {"one", "two", "three"}) {
        codes.issue_later(id);
        codes.compared(5);
    }
    const auto locked_at = fixture->clock.now();
    fixture->clock.set_now(locked_at - std::chrono::hours(1));
    CHECK(codes.issue("four").outcome == OtpIssueOutcome::locked);
    fixture->clock.set_now(locked_at - std::chrono::hours(30 * 24));
    CHECK(codes.issue("five").outcome == OtpIssueOutcome::issued);
}

TEST_CASE("T5: at 20000 wrong guesses in a day every account's cap falls from 15 to 5", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    const auto ceiling = static_cast<int>(fixture->codes().limits().ceiling);
    REQUIRE(ceiling == 20'000);
    codes.issue("before");
    CHECK(codes.compared(5) == 5);
    CHECK(codes.compared(2, "before") == 2);  // 7 in a row: no lock yet
    CHECK(spray(*fixture, 0, ceiling - 8) == ceiling - 1);
    codes.issue("last but one", "eve@example.org");
    CHECK(codes.guess_wrong("", "eve@example.org") == OtpVerdict::wrong);
    CHECK(codes.failures_of_all() == ceiling);

    // An account without failures: five guesses, then a lock, also for new codes.
    codes.issue("bob's", "bob@example.org");
    int compared = 0;
    for (int i = 0; i < 20; ++i) {
        const auto verdict = codes.guess_wrong(i % 2 == 0 ? "" : "bob's", "bob@example.org");
        compared += verdict == OtpVerdict::wrong ? 1 : 0;
    }
    CHECK(compared == 5);
    fixture->clock.advance(minutes(2));
    CHECK(codes.issue("again", "bob@example.org").outcome == OtpIssueOutcome::locked);
    // One with failures of before goes on to the next multiple of five.
    CHECK(codes.compared(10, "before") == 3);
    // A fresh code with the right digits still logs in.
    REQUIRE(codes.issue("fresh", "cy@example.org").outcome == OtpIssueOutcome::issued);
    CHECK(codes.guess_right("fresh", "cy@example.org") == OtpVerdict::right);

    // A day later all is as before.
    fixture->clock.advance(hours(25));
    codes.issue("next day", "dee@example.org");
    codes.guess_wrong("", "dee@example.org");
    CHECK(codes.failures_of_all() == 1);
}

TEST_CASE("codes: what counts for all accounts are paid guesses that were not right", "[otp]") {
    PING_FOR_EACH_ADAPTER(OtpFixture, fixture);
    Codes codes(*fixture);
    codes.guess_wrong();
    CHECK(codes.failures_of_all() == 0);  // refused: there is no code
    codes.issue("one");
    codes.guess_wrong("another flow");
    CHECK(codes.failures_of_all() == 0);
    codes.guess_wrong("one");
    CHECK(codes.failures_of_all() == 1);
    CHECK(codes.guess_right("one") == OtpVerdict::right);
    codes.guess_wrong();
    CHECK(codes.failures_of_all() == 1);
    fixture->clock.advance(hours(24));
    codes.guess_wrong();
    CHECK(codes.failures_of_all() == 1);  // a day at least
    fixture->clock.advance(hours(1));
    codes.guess_wrong();
    CHECK(codes.failures_of_all() == 0);
}

}  // namespace ping::test
