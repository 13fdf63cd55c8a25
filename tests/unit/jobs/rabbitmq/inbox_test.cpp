#include "jobs/rabbitmq/inbox.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping;
using namespace std::chrono_literals;
using jobs::DeliveryTag;
using jobs::rabbitmq::Inbox;

namespace {

struct Fixture {
    test::FakeClock clock;
    Inbox inbox{clock, 100};

    Fixture() { inbox.open(); }
    void add(std::uint64_t number, bool is_redelivered = false) {
        jobs::Job job;
        job.message_id = "m" + std::to_string(number);
        inbox.add(number, is_redelivered, job);
    }
    DeliveryTag take_one() { return inbox.take({1, 1}).at(0).tag; }
};

}  // namespace

TEST_CASE("rabbitmq: what names a delivery of an older channel does nothing (F13)", "[rabbitmq]") {
    Fixture f;
    f.add(1);
    const auto old = f.take_one();
    f.inbox.close();
    f.inbox.open();
    f.add(1);
    const auto live = f.take_one();
    CHECK(old.number == live.number);
    CHECK(f.inbox.ack({old}) == 0);
    CHECK_FALSE(f.inbox.message_id(old));
    f.inbox.retry(old, 0ms);
    CHECK(f.inbox.take({9, 9}).empty());
    CHECK(f.inbox.take_acks().empty());
    CHECK(f.inbox.ack({live}) == 1);
    CHECK(f.inbox.ack({live}) == 0);
    CHECK(f.inbox.take_acks() == std::vector<std::uint64_t>{1});
    CHECK(f.inbox.take_acks().empty());
}

TEST_CASE("rabbitmq: a lost channel leaves nothing to take or to ack", "[rabbitmq]") {
    Fixture f;
    f.add(1);
    f.add(2);
    f.add(3, true);
    f.inbox.ack({f.take_one()});
    f.inbox.close();
    CHECK(f.inbox.take({9, 9}).empty());
    CHECK(f.inbox.take_acks().empty());
    CHECK(f.inbox.held() == 0);
    CHECK_FALSE(f.inbox.next_due());
}

TEST_CASE("rabbitmq: a redelivered job counts as tried", "[rabbitmq]") {
    Fixture f;
    f.add(1, true);
    f.add(2);
    CHECK(f.inbox.take({9, 0}).at(0).job.message_id == "m2");
    const auto tried = f.inbox.take({9, 1});
    REQUIRE(tried.size() == 1);
    CHECK(tried[0].attempt == 2);
    // After a broker's restart all that waited comes back: it must not take the places of what is new.
    CHECK(f.inbox.put_off() == 1);
    f.inbox.retry(tried[0].tag, 1s);
    CHECK(f.inbox.put_off() == 1);
}

TEST_CASE("rabbitmq: jobs that were put off are counted once, whatever becomes of them", "[rabbitmq]") {
    Fixture f;
    f.add(1);
    f.add(2);
    const auto first = f.take_one();
    f.inbox.retry(first, 1s);
    CHECK(f.inbox.put_off() == 1);
    f.clock.advance(1s);
    f.take_one();
    f.inbox.retry(f.take_one(), 1s);
    CHECK(f.inbox.put_off() == 1);
    f.inbox.clear_put_off();
    CHECK(f.inbox.put_off() == 0);
    CHECK(f.inbox.held() == 2);
}
