#include "ping/mail/mail_worker.hpp"

#include "ping/mail/otp_mail_job.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_mailer.hpp"
#include "support/fake_rng.hpp"
#include "support/memory_job_queue.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace ping;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    test::FakeClock clock;
    test::FakeRng rng;
    Metrics metrics;
    test::MemoryJobConsumer queue{clock};
    test::FakeMailer mailer;
    mail::MailWorker worker{{queue, mailer, clock, rng, metrics}, nullptr, {}};

    Fixture() { mailer.set_blocking(true); }
    void push(const std::string& id) {
        const mail::OtpMailJob job{"ana@example.com", "subject", "text", "", "", clock.now() + 300s};
        queue.push(mail::encode_otp_mail(job, id, clock.now()));
        worker.poke();
    }
};

}  // namespace

TEST_CASE("mail worker: its thread sends what is pushed", "[mail]") {
    Fixture f;
    f.worker.start();
    f.push("m1");
    CHECK(f.queue.wait_until([&f] { return f.queue.acked() == 1; }));
    f.push("m2");
    CHECK(f.queue.wait_until([&f] { return f.queue.acked() == 2; }));
    f.worker.stop();
    f.worker.stop();
}

TEST_CASE("mail worker: a poke makes it see a moved clock at once", "[mail]") {
    Fixture f;
    mail::SendResult busy;
    busy.status = mail::SendStatus::temporary;
    f.mailer.script({busy});
    f.worker.start();
    f.push("m1");
    CHECK(f.queue.wait_until([&f] { return f.queue.delays().size() == 1; }));
    f.clock.advance(3s);
    f.worker.poke();
    CHECK(f.queue.wait_until([&f] { return f.queue.acked() == 1; }));
}

TEST_CASE("mail worker: goes on after an exception", "[mail]") {
    Fixture f;
    f.queue.throw_in_takes(2);
    f.worker.start();
    f.push("m1");
    CHECK(f.queue.wait_until([&f] {
        f.worker.poke();
        return f.queue.acked() == 1;
    }));
}

TEST_CASE("mail worker: stop lets what is in flight end and takes no more", "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.worker.start();
    f.push("m1");
    REQUIRE(f.queue.wait_until([&f] { return f.mailer.sent().size() == 1; }));
    std::jthread stopper([&f] { f.worker.stop(); });
    f.mailer.release();
    stopper.join();
    CHECK(f.queue.acked() == 1);
    f.push("m2");
    CHECK(f.queue.waiting() == 1);
}

TEST_CASE("mail worker: stop gives up after its bound, and the job stays in the queue", "[mail]") {
    Fixture f;
    f.mailer.hold();
    f.worker.start();
    f.push("m1");
    REQUIRE(f.queue.wait_until([&f] { return f.mailer.sent().size() == 1; }));
    std::jthread stopper([&f] { f.worker.stop(); });
    CHECK(f.queue.wait_until([&f] {
        f.clock.advance(5s);
        f.worker.poke();
        return f.queue.waiting() == 1;
    }));
    stopper.join();
    CHECK(f.queue.acked() == 0);
    CHECK(f.queue.leased() == 0);
}
