#pragma once

#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

namespace ping::test {

inline const std::string ada = "ada@example.org";

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
    std::optional<ephemeral::OtpChallenge> charge(const std::string& flow = "",
                                                  const std::string& subject = ada) {
        const auto charged =
            run(fixture_.loop, [&] { return fixture_.codes().charge(subject, flow, fixture_.clock.now()); });
        REQUIRE(charged);
        return *charged;
    }
    /// How many of `tries` guesses are granted.
    int granted(int tries, const std::string& flow = "") {
        int count = 0;
        for (int i = 0; i < tries; ++i) {
            count += charge(flow) ? 1 : 0;
        }
        return count;
    }
    bool consume(const std::string& id, const std::string& subject = ada) {
        const auto spent =
            run(fixture_.loop, [&] { return fixture_.codes().consume(subject, id, fixture_.clock.now()); });
        REQUIRE(spent);
        return *spent;
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
};

}  // namespace ping::test
