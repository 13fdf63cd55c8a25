// What the mail pump sends, what it tries again and when, and what it gives up.
#include "mail_pump_fixture.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace ping;
using namespace std::chrono_literals;
using mail::SendResult;
using mail::SendStatus;
using test::busy;
using test::outcome;
using Fixture = test::MailPumpFixture;

namespace {

const SendResult unreached = outcome(SendStatus::temporary, 0, false);

}  // namespace

TEST_CASE("mail pump: a mail is sent, then its job acked", "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.push("m1");
    f.turns();
    REQUIRE(f.mailer.sent().size() == 1);
    CHECK(f.mailer.sent()[0].message_id == "m1");
    CHECK(f.mailer.sent()[0].to == "ana@example.com");
    CHECK(f.mailer.sent()[0].created_at == f.clock.now());
    CHECK(f.queue.acked() == 0);
    f.mailer.release();
    f.turns();
    CHECK(f.queue.acked() == 1);
    CHECK(f.counts("sent_total 1"));
    CHECK(f.pump.in_flight() == 0);
}

TEST_CASE("mail pump: retries after 2, 5, 15, 45 and 90 s with a jitter of a fifth", "[mail]") {
    Fixture f;
    f.mailer.script({busy, busy, busy, busy, busy, busy});
    f.push("m1", 1000s);
    for (const auto pause : {0s, 3s, 6s, 18s, 54s, 108s, 108s}) {
        f.turns(pause);
    }
    const auto delays = f.queue.delays();
    REQUIRE(delays.size() == 6);
    const std::vector<std::chrono::milliseconds> bases{2s, 5s, 15s, 45s, 90s, 90s};
    for (std::size_t i = 0; i < bases.size(); ++i) {
        CHECK(delays[i] >= bases[i] * 4 / 5);
        CHECK(delays[i] <= bases[i] * 6 / 5);
    }
    CHECK(delays[4] != delays[5]);
    CHECK(f.queue.acked() == 1);
    CHECK(f.counts("retried_total 6"));
    CHECK(f.mailer.sent().back().message_id == "m1");
}

TEST_CASE("T8: no retry is planned for when the code is dead", "[mail]") {
    Fixture f;
    f.mailer.script({busy, busy});
    f.push("m1", 20s);
    f.turns();
    f.turns(3s);
    CHECK(f.mailer.sent().size() == 2);
    CHECK(f.queue.delays().size() == 1);
    REQUIRE(f.queue.dead().size() == 1);
    CHECK(f.reason() == "gave_up");
}

TEST_CASE("T8: a mail whose code is dead or dies within 15 s is not sent", "[mail]") {
    Fixture f;
    f.push("m1", 14s);
    f.push("m2", -1s);
    f.turns();
    CHECK(f.mailer.sent().empty());
    CHECK(f.queue.acked() == 2);
    CHECK(f.counts("expired_total 2"));
    f.push("m3", 15s);
    f.turns();
    CHECK(f.mailer.sent().size() == 1);
}

TEST_CASE("T7: a mail whose code was replaced is not sent", "[mail]") {
    Fixture f;
    f.is_current = false;
    f.push("m1");
    f.turns();
    CHECK(f.asked == std::vector<std::string>{"ana@example.com/flow-m1"});
    CHECK(f.mailer.sent().empty());
    CHECK(f.queue.acked() == 1);
    CHECK(f.counts("superseded_total 1"));
}

TEST_CASE("T7: all codes of a turn are asked for at once, and none of another service", "[mail]") {
    Fixture f;
    f.push("m1");
    jobs::Job foreign;
    foreign.message_id = "m2";
    foreign.body = R"({"to":"bo@example.com","subject":"Code","body":"Your code is 271828"})";
    foreign.created_at = f.clock.now();
    f.queue.push(foreign);
    f.push("m3");
    f.is_current = false;
    f.turns();
    CHECK(f.asked == std::vector<std::string>{"ana@example.com/flow-m1 ana@example.com/flow-m3"});
    REQUIRE(f.mailer.sent().size() == 1);
    CHECK(f.mailer.sent()[0].to == "bo@example.com");
    CHECK(f.queue.acked() == 3);
}

TEST_CASE("T7: when nobody knows whether a code was replaced, its mail is sent", "[mail]") {
    Fixture f;
    f.is_current = std::nullopt;
    f.push("m1");
    f.turns();
    CHECK(f.mailer.sent().size() == 1);
}

TEST_CASE("mail pump: a 5xx is final, and its dead letter holds no secret (T19)", "[mail]") {
    Fixture f;
    f.mailer.script({outcome(SendStatus::permanent, 550)});
    f.push("m1");
    f.turns();
    REQUIRE(f.queue.dead().size() == 1);
    CHECK(f.counts("dead_total 1"));
    const auto letter = boost::json::parse(f.queue.dead()[0]).as_object();
    CHECK(letter.size() == 5);
    CHECK(letter.at("message_id") == "m1");
    CHECK(letter.at("reason") == "refused_550");
    CHECK(letter.at("attempts") == 1);
    CHECK(letter.at("first_seen").as_string() == to_iso8601(f.clock.now()));
    CHECK(letter.at("to_hash").as_string().size() == 32);
    CHECK(f.queue.dead()[0].find("314159") == std::string::npos);
    CHECK(f.queue.dead()[0].find("ana") == std::string::npos);
}

TEST_CASE("mail pump: an unknown outcome is tried once more with the same Message-ID", "[mail]") {
    Fixture f;
    f.mailer.script({outcome(SendStatus::unknown, 354), outcome(SendStatus::unknown, 354)});
    f.push("m1");
    f.turns();
    CHECK(f.queue.delays().size() == 1);
    f.turns(3s);
    CHECK(f.mailer.sent().size() == 2);
    CHECK(f.mailer.sent()[1].message_id == "m1");
    REQUIRE(f.queue.dead().size() == 1);
    CHECK(f.reason() == "outcome_unknown");
    CHECK(f.queue.waiting() == 0);
}

TEST_CASE("mail pump: after five failures to get in it takes nothing for 10 s, then one probe", "[mail]") {
    Fixture f;
    f.mailer.script(std::vector<SendResult>(8, unreached));
    for (int i = 0; i < 10; ++i) {
        f.push("m" + std::to_string(i), 1000s);
    }
    f.pump.turn();  // four fail
    f.pump.turn();  // four more: now it is open
    const auto tried = f.mailer.sent().size();
    CHECK(tried == 8);
    f.turns(9s);
    CHECK(f.mailer.sent().size() == tried);
    f.turns();
    CHECK(f.mailer.last_fd() == -1);
    f.clock.advance(1s);
    f.mailer.hold();
    f.pump.turn();
    f.pump.turn();
    CHECK(f.mailer.sent().size() == tried + 1);
    f.mailer.release();
    f.turns();
    CHECK(f.mailer.sent().size() > tried + 2);
    CHECK(f.counts("retried_total 8"));
}

TEST_CASE("T8: a mail under way is given up when its code dies", "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.push("m1", 40s);
    f.turns();
    REQUIRE(f.mailer.sent().size() == 1);
    CHECK(f.mailer.sent()[0].time_left == 40s);
}
