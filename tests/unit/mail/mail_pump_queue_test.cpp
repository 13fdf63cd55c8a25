// How the mail pump deals with its queue: what it takes, acks and gives back, and beside other workers.
#include "mail_pump_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace ping;
using namespace std::chrono_literals;
using mail::SendResult;
using mail::SendStatus;
using test::busy;
using test::outcome;
using Fixture = test::MailPumpFixture;

TEST_CASE("mail pump: takes no more than it has room for, and then does not wake for more", "[mail]") {
    Fixture f;
    f.mailer.hold();
    for (int i = 0; i < 10; ++i) {
        f.push("m" + std::to_string(i));
    }
    f.turns();
    CHECK(f.queue.leased() == 4);
    CHECK(f.mailer.last_fd() == -1);
    CHECK(f.mailer.last_timeout() == 1s);
    f.mailer.release();
    for (int i = 0; i < 10; ++i) {
        f.pump.turn();
    }
    CHECK(f.queue.acked() == 10);
}

TEST_CASE("mail pump: a job that comes again because its ack was lost is not sent again", "[mail]") {
    Fixture f;
    f.queue.lose_acks(1);
    f.push("m1");
    f.turns();
    f.turns();
    CHECK(f.mailer.sent().size() == 1);
    CHECK(f.queue.acked() == 1);
}

TEST_CASE("T55: a thousand bad jobs become a thousand dead letters, and none loops", "[mail]") {
    Fixture f;
    const std::vector<std::string> bodies{"",   "{",           "\xFF",
                                          "[]", R"({"to":5})", R"({"to":"a","subject":"s","body":"t"})"};
    for (std::size_t i = 0; i < 1000; ++i) {
        jobs::Job job;
        job.message_id = i % 2 == 0 ? "m" + std::to_string(i) : "bad id\r\n" + std::to_string(i);
        job.body = i % 100 == 7 ? std::string(1024 * 1024, 'x') : bodies[i % bodies.size()];
        job.created_at = f.clock.now();
        f.queue.push(std::move(job));
    }
    for (int i = 0; i < 250; ++i) {
        f.pump.turn();
    }
    CHECK(f.queue.dead().size() == 1000);
    f.pump.turn();
    CHECK(f.queue.waiting() + f.queue.leased() == 0);
    CHECK(f.mailer.sent().empty());
    CHECK(f.mailer.last_timeout() == 1s);
    CHECK(f.counts("dead_total 1000"));
    for (const auto& letter : f.queue.dead()) {
        REQUIRE(boost::json::parse(letter).is_object());
    }
}

TEST_CASE("mail pump: a queue that is down is asked again each second, not in a spin", "[mail]") {
    Fixture f;
    f.push("m1");
    f.queue.set_down(true);
    f.turns();
    CHECK(f.mailer.last_fd() == -1);
    CHECK(f.mailer.last_timeout() == 1s);
    f.queue.set_down(false);
    f.turns();
    CHECK(f.queue.acked() == 1);
}

TEST_CASE("mail pump: sleeps until the next job is due", "[mail]") {
    Fixture f;
    f.mailer.script({busy, busy});
    f.push("m1");
    f.turns();
    const auto due = f.queue.delays().at(0);
    f.turns(due - 300ms);
    CHECK(f.mailer.last_timeout() == 300ms);
    CHECK(f.mailer.last_fd() == f.queue.ready_fd());
}

TEST_CASE("mail pump: what is abandoned goes back to the queue, due at once", "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.push("m1");
    f.turns();
    f.pump.abandon();
    CHECK(f.queue.waiting() == 1);
    CHECK(f.queue.delays() == std::vector<std::chrono::milliseconds>{0ms});
    CHECK(f.pump.in_flight() == 0);
}

TEST_CASE("F07: what was tried before takes half of the places, so that new mails go out at once", "[mail]") {
    Fixture f;
    f.mailer.script(std::vector<SendResult>(6, busy));
    for (int i = 0; i < 6; ++i) {
        f.push("old" + std::to_string(i));
    }
    f.turns();
    f.turns();
    REQUIRE(f.queue.delays().size() == 6);
    f.clock.advance(3s);
    f.mailer.hold();
    f.turns();
    CHECK(f.queue.leased() == 2);
    CHECK(f.mailer.last_fd() == f.queue.ready_fd());
    CHECK(f.mailer.last_timeout() == 1s);  // the four others are due, and it does not poll for them
    f.push("new1");
    f.push("new2");
    f.push("new3");
    f.turns();
    CHECK(f.mailer.sent().size() == 10);
    CHECK(f.mailer.sent().back().message_id == "new2");
    f.mailer.release();
    for (int i = 0; i < 4; ++i) {
        f.turns();
    }
    CHECK(f.queue.acked() == 9);
}

TEST_CASE("mail pump: mails that end together are acked together", "[mail]") {
    Fixture f;
    f.push("m1");
    f.push("m2");
    f.push("m3");
    f.pump.turn();
    CHECK(f.queue.acked() == 3);
    CHECK(f.queue.acks() == 1);
}

TEST_CASE("mail pump: a queue that refuses what became of a job is told again, before new jobs", "[mail]") {
    Fixture f;
    f.mailer.script({busy, outcome(SendStatus::permanent, 550), SendResult()});
    f.push("m1");
    f.push("m2");
    f.push("m3");
    f.queue.fail_steps(5);
    f.turns();
    f.push("m4");
    f.pump.turn();
    CHECK(f.queue.leased() == 3);
    CHECK(f.mailer.sent().size() == 3);
    f.pump.turn();
    CHECK(f.queue.delays().size() == 1);
    CHECK(f.queue.dead().size() == 1);
    CHECK(f.queue.acked() == 2);
    CHECK(f.queue.waiting() + f.queue.leased() == 1);
    f.turns(3s);
    CHECK(f.queue.acked() == 3);
    CHECK(f.mailer.sent().size() == 5);
    CHECK(f.counts("sent_total 3"));
}

TEST_CASE("mail pump: a job that comes twice at once is one mail", "[mail]") {
    Fixture f;
    f.push("m1");
    f.push("m1");
    f.turns();
    f.turns(5s);
    CHECK(f.mailer.sent().size() == 1);
    CHECK(f.queue.acked() == 2);
}

TEST_CASE("mail pump: a job that comes again while its mail is on its way waits for the end of it",
          "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.push("m1");
    f.turns();
    f.push("m1");  // the broker had lost the connection
    f.turns();
    CHECK(f.mailer.sent().size() == 1);
    f.mailer.release();
    f.turns();
    CHECK(f.queue.acked() == 1);
    f.turns(5s);
    CHECK(f.queue.acked() == 2);
    CHECK(f.mailer.sent().size() == 1);
}

namespace {

/// What the other workers of the queue have done, as the test says.
class FakeClaims final : public mail::SendClaims {
public:
    Answer answer = Answer::ours;
    std::string told;  ///< what it was told, in order

    std::vector<Answer> claim(const std::vector<std::string>& ids) override {
        tell("claim", ids);
        return std::vector<Answer>(ids.size(), answer);
    }
    void note_sent(const std::vector<std::string>& ids) override { tell("sent", ids); }
    void release(const std::vector<std::string>& ids) override { tell("release", ids); }

private:
    void tell(const std::string& what, const std::vector<std::string>& ids) {
        for (const auto& id : ids) {
            told += what + " " + id + ", ";
        }
    }
};

struct SharedFixture : Fixture {
    FakeClaims claims;
    mail::MailPump shared{{queue, mailer, clock, rng, metrics, &claims}, nullptr, {4, {}, 5s}};

    void shared_turns(std::chrono::milliseconds delay = 0ms) {
        clock.advance(delay);
        shared.turn();
        shared.turn();
    }
};

}  // namespace

TEST_CASE("mail pump: other workers are told before the ack what became of a mail", "[mail]") {
    SharedFixture f;
    f.mailer.script({busy});
    f.push("m1");
    f.shared_turns();
    CHECK(f.claims.told == "claim m1, release m1, ");
    CHECK(f.queue.acked() == 0);
    f.shared_turns(3s);
    CHECK(f.claims.told == "claim m1, release m1, claim m1, sent m1, ");
    CHECK(f.queue.acked() == 1);
}

TEST_CASE("mail pump: what another worker sends is not sent, what it has sent is acked", "[mail]") {
    SharedFixture f;
    f.claims.answer = mail::SendClaims::Answer::busy;
    f.push("m1");
    f.shared_turns();
    CHECK(f.queue.acked() == 0);
    f.claims.answer = mail::SendClaims::Answer::sent;
    f.shared_turns(5s);
    CHECK(f.queue.acked() == 1);
    CHECK(f.mailer.sent().empty());
}
