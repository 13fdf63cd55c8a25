#pragma once

#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {

inline const std::string ada = "ada@example.org";

inline bool wrong(const ephemeral::OtpChallenge&) {
    return false;
}
inline bool right(const ephemeral::OtpChallenge&) {
    return true;
}

/// The answers to guesses that were made at once.
using Guessed = std::vector<Result<ephemeral::OtpGuessed>>;

/// How many of the guesses got the verdict; all must have been answered.
inline int count(const Guessed& results, ephemeral::OtpVerdict verdict) {
    int found = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        found += result->verdict == verdict ? 1 : 0;
    }
    return found;
}

/// Calls with the fixture's clock.
class Codes {
public:
    explicit Codes(OtpFixture& fixture) : fixture_(fixture) {}

    ephemeral::OtpIssued issue(const std::string& id, const std::string& subject = ada) {
        ephemeral::OtpIssue request;
        request.subject = subject;
        request.mailbox = "mailbox of " + subject;
        return issue(request, id);
    }
    ephemeral::OtpIssued issue(ephemeral::OtpIssue request, const std::string& id) {
        request.id = id;
        request.key_id = "k1";
        request.nonce.fill(7);
        request.mac.fill(9);
        request.now = fixture_.clock.now();
        const auto issued = run(fixture_.loop, [&] { return fixture_.codes().issue(request); });
        REQUIRE(issued);
        return *issued;
    }
    /// A new code, after waiting for the resend lock.
    void issue_later(const std::string& id) {
        fixture_.clock.advance(std::chrono::seconds(60));
        REQUIRE(issue(id).outcome == ephemeral::OtpIssueOutcome::issued);
    }
    ephemeral::OtpVerdict guess(ephemeral::OtpMatcher is_right, const std::string& flow = "",
                                const std::string& subject = ada) {
        const ephemeral::OtpGuess guess{subject, flow, fixture_.clock.now(), std::move(is_right)};
        const auto guessed = run(fixture_.loop, [&] { return fixture_.codes().guess(guess); });
        REQUIRE(guessed);
        spent_ = guessed->id;
        failures_of_all_ = guessed->failures_of_all;
        return guessed->verdict;
    }
    ephemeral::OtpVerdict guess_wrong(const std::string& flow = "", const std::string& subject = ada) {
        return guess(wrong, flow, subject);
    }
    ephemeral::OtpVerdict guess_right(const std::string& flow = "", const std::string& subject = ada) {
        return guess(right, flow, subject);
    }
    /// As the last guess said.
    std::int64_t failures_of_all() const { return failures_of_all_; }
    const std::string& spent() const { return spent_; }
    /// How many of `tries` wrong guesses are compared.
    int compared(int tries, const std::string& flow = "") {
        int count = 0;
        for (int i = 0; i < tries; ++i) {
            count += guess_wrong(flow) == ephemeral::OtpVerdict::refused ? 0 : 1;
        }
        return count;
    }
    void withdraw(const std::string& id) {
        REQUIRE(run(fixture_.loop, [&] { return fixture_.codes().withdraw(ada, id); }));
    }
    std::optional<std::string> current() {
        const auto id =
            run(fixture_.loop, [&] { return fixture_.codes().current(ada, fixture_.clock.now()); });
        REQUIRE(id);
        return *id;
    }

private:
    OtpFixture& fixture_;
    std::string spent_;
    std::int64_t failures_of_all_ = 0;
};

}  // namespace ping::test
