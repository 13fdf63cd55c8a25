#include "mail/mail_pump.hpp"

#include "ping/mail/otp_mail_job.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_mailer.hpp"
#include "support/fake_rng.hpp"
#include "support/memory_job_queue.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace ping;
using namespace std::chrono_literals;
using mail::SendResult;
using mail::SendStatus;

namespace {

SendResult outcome(SendStatus status, int reply = 0, bool reached = true) {
    SendResult result;
    result.status = status;
    result.reply_code = reply;
    result.reached = reached;
    return result;
}

const SendResult busy = outcome(SendStatus::temporary, 451);
const SendResult unreached = outcome(SendStatus::temporary, 0, false);

struct Fixture {
    test::FakeClock clock;
    test::FakeRng rng;
    Metrics metrics;
    test::MemoryJobConsumer queue{clock};
    test::FakeMailer mailer;
    mail::OtpAnswer is_current = true;
    std::vector<std::string> asked;  ///< one text for all questions of a turn
    mail::MailPump pump{{queue, mailer, clock, rng, metrics},
                        [this](const std::vector<mail::OtpQuestion>& questions) {
                            auto& text = asked.emplace_back();
                            for (const auto& [to, otp_id] : questions) {
                                text += (text.empty() ? "" : " ") + to + "/" + otp_id;
                            }
                            return std::vector<mail::OtpAnswer>(questions.size(), is_current);
                        },
                        {4, {}, 5s}};

    void push(const std::string& id, std::chrono::seconds life = 300s) {
        const mail::OtpMailJob job{"ana@example.com", "314159 is your code", "314159", "",
                                   "flow-" + id,      clock.now() + life};
        queue.push(mail::encode_otp_mail(job, id, clock.now()));
    }
    /// Moves the clock by `delay` and takes two turns: one to start, one to see the end.
    void turns(std::chrono::milliseconds delay = 0ms) {
        clock.advance(delay);
        pump.turn();
        pump.turn();
    }
    bool counts(const std::string& line) const {
        return metrics.to_text().find("ping_mail_" + line + "\n") != std::string::npos;
    }
    std::string reason() const {
        const auto letter = boost::json::parse(queue.dead().at(0));
        return std::string(letter.as_object().at("reason").as_string());
    }
};

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

TEST_CASE("T8: a mail under way is given up when its code dies", "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.push("m1", 40s);
    f.turns();
    REQUIRE(f.mailer.sent().size() == 1);
    CHECK(f.mailer.sent()[0].time_left == 40s);
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
