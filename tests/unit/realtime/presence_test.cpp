#include "ping/realtime/presence.hpp"

#include "support/fake_clock.hpp"
#include "unit/realtime/fake_connection.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::SessionId;
using ping::Time;
using ping::UserId;
using ping::realtime::Departure;
using ping::test::FakeConnection;
using ping::test::numbered;

namespace {

const auto ana = numbered<UserId>(1);

struct Scene final : ping::realtime::PresenceListener {
    ping::Metrics metrics;
    ping::test::FakeClock clock;
    ping::TimerWheel timers{clock};
    ping::realtime::Hub hub{0, metrics};
    ping::realtime::Presence presence{hub, timers, clock, metrics};
    std::vector<std::string> told;
    Time last_seen;
    FakeConnection phone{1, 1};
    FakeConnection laptop{1, 2};

    Scene() { presence.listen(*this); }
    void came_online(UserId /*user*/) override { told.emplace_back("online"); }
    void went_offline(UserId /*user*/, Time seen) override {
        told.emplace_back("offline");
        last_seen = seen;
    }
    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        timers.advance();
    }
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("presence: online with the first connection, offline 8 s after the last one was lost",
          "[realtime][presence]") {
    Scene s;
    auto at_phone = s.hub.join(s.phone);
    auto at_laptop = s.hub.join(s.laptop);
    CHECK(s.told == Told{"online"});
    at_phone.leave();
    s.pass(20s);
    CHECK(s.presence.is_online(ana));
    const Time lost = s.clock.now();
    at_laptop.leave();
    s.pass(7900ms);
    CHECK(s.told == Told{"online"});
    CHECK(s.presence.is_online(ana));
    s.pass(200ms);
    CHECK(s.told == Told{"online", "offline"});
    CHECK(s.last_seen == lost);
    CHECK(s.presence.count() == 0);
}

TEST_CASE("presence: two tabs that come and go never turn a user offline", "[realtime][presence]") {
    Scene s;
    for (int i = 0; i < 50; ++i) {
        auto first = s.hub.join(s.phone);
        s.pass(5s);
        auto second = s.hub.join(s.laptop);
        s.pass(5s);
        first.leave(i % 2 == 0 ? Departure::lost : Departure::goodbye);
        s.pass(9s);
        second.leave();
        s.pass(7900ms);
    }
    CHECK(s.told == Told{"online"});
}

TEST_CASE("presence: a goodbye or a logout of the last connection counts at once", "[realtime][presence]") {
    Scene s;
    const auto how = GENERATE(Departure::goodbye, Departure::logged_out);
    auto at_phone = s.hub.join(s.phone);
    auto at_laptop = s.hub.join(s.laptop);
    at_phone.leave(how);
    CHECK(s.told == Told{"online"});
    at_laptop.leave(how);
    CHECK(s.told == Told{"online", "offline"});
    const auto back = s.hub.join(s.phone);
    CHECK(s.told == Told{"online", "offline", "online"});
    s.pass(9s);
    CHECK(s.told.size() == 3);
}

TEST_CASE("presence: the end of the session ends the grace of its lost connection, another's does not",
          "[realtime][presence]") {
    Scene s;
    s.hub.join(s.phone).leave();
    s.hub.end_session(ana, numbered<SessionId>(2), "revoked");
    CHECK(s.told == Told{"online"});
    s.hub.end_session(ana, numbered<SessionId>(1), "revoked");
    CHECK(s.told == Told{"online", "offline"});
}

TEST_CASE("presence: a logout of one device leaves the other online", "[realtime][presence]") {
    Scene s;
    const auto at_phone = s.hub.join(s.phone);
    const auto at_laptop = s.hub.join(s.laptop);
    s.hub.end_session(ana, numbered<SessionId>(1), "revoked");
    CHECK(s.told == Told{"online"});
    CHECK(s.hub.size() == 1);
}

TEST_CASE("presence: at the stop everyone goes offline, and what leaves later changes nothing",
          "[realtime][presence]") {
    Scene s;
    auto at_phone = s.hub.join(s.phone);
    FakeConnection other(2, 3);
    const Time lost = s.clock.now();
    s.hub.join(other).leave();
    s.pass(1s);
    s.presence.end();
    CHECK(s.told == Told{"online", "online", "offline", "offline"});
    CHECK(s.last_seen <= s.clock.now());
    CHECK(s.last_seen >= lost);
    at_phone.leave();
    s.pass(10s);
    CHECK(s.told.size() == 4);
}
