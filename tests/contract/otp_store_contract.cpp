#include "contract/otp_helpers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

namespace ping::test {
namespace {

using ephemeral::OtpIssueOutcome;
using ephemeral::OtpVerdict;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

using Guessed = std::vector<Result<ephemeral::OtpGuessed>>;

int count(const Guessed& results, OtpVerdict verdict) {
    int found = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        found += result->verdict == verdict ? 1 : 0;
    }
    return found;
}

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
