#include "ping/realtime/hub.hpp"

#include "unit/realtime/fake_connection.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using ping::SessionId;
using ping::UserId;
using ping::realtime::Caller;
using ping::realtime::CloseReason;
using ping::realtime::ConnectionId;
using ping::realtime::Departure;
using ping::realtime::Hub;
using ping::test::FakeConnection;

namespace {

template <class Id>
Id id(std::uint8_t number) {
    return ping::test::numbered<Id>(number);
}

/// Writes down who came and went.
class Visitors final : public ping::realtime::HubObserver {
public:
    void joined(const Caller& caller, ping::realtime::WireFormat /*format*/) override {
        came.push_back(caller.connection);
    }
    void left(const Caller& caller, Departure how) override { went.emplace_back(caller.connection, how); }
    void session_ended(UserId /*user*/, SessionId session) override { ended.push_back(session); }

    std::vector<ConnectionId> came;
    std::vector<std::pair<ConnectionId, Departure>> went;
    std::vector<SessionId> ended;
};

}  // namespace

TEST_CASE("hub: an event goes once to each connection of each recipient", "[realtime]") {
    ping::Metrics metrics;
    Hub hub(0, metrics);
    FakeConnection phone(1, 1);
    FakeConnection laptop(1, 2);
    FakeConnection other(2, 3);
    FakeConnection stranger(3, 4);
    const auto a = hub.join(phone);
    const auto b = hub.join(laptop);
    const auto c = hub.join(other);
    const auto d = hub.join(stranger);
    const std::vector<UserId> recipients{id<UserId>(1), id<UserId>(2), id<UserId>(9)};
    hub.deliver(recipients, "newMessage", nullptr);
    CHECK(phone.events.size() == 1);
    CHECK(laptop.events.size() == 1);
    CHECK(other.events.size() == 1);
    CHECK(stranger.events.empty());
}

TEST_CASE("hub: who has left gets nothing", "[realtime]") {
    ping::Metrics metrics;
    Hub hub(0, metrics);
    FakeConnection phone(1, 1);
    {
        const auto membership = hub.join(phone);
        CHECK(hub.size() == 1);
    }
    CHECK(hub.size() == 0);
    const std::vector<UserId> recipients{id<UserId>(1)};
    hub.deliver(recipients, "newMessage", nullptr);
    CHECK(phone.events.empty());
}

TEST_CASE("T42: the hub refuses a user's connection too many and takes it when one has left",
          "[realtime][T42]") {
    ping::Metrics metrics;
    Hub hub(2, metrics);
    FakeConnection first(1, 1);
    FakeConnection second(1, 2);
    FakeConnection third(1, 3);
    FakeConnection other(2, 4);
    const auto a = hub.join(first);
    auto b = hub.join(second);
    CHECK_FALSE(hub.join(third));
    CHECK(hub.join(other));
    b.leave();
    CHECK(hub.join(third));
}

TEST_CASE("hub: a session's end closes its connections alone", "[realtime]") {
    ping::Metrics metrics;
    Hub hub(0, metrics);
    FakeConnection phone(1, 1);
    FakeConnection laptop(1, 2);
    const auto a = hub.join(phone);
    const auto b = hub.join(laptop);
    hub.end_session(id<UserId>(1), id<SessionId>(2), "revoked");
    CHECK(phone.closed.empty());
    CHECK(phone.events.empty());
    CHECK(laptop.events == std::vector<std::string>{"sessionEnded"});
    CHECK(laptop.closed == std::vector<CloseReason>{CloseReason::not_authenticated});
}

TEST_CASE(
    "hub: a connection of an ended session has left when that is said, and closing changes nothing more",
    "[realtime]") {
    ping::Metrics metrics;
    Hub hub(0, metrics);
    Visitors visitors;
    hub.observe(visitors);
    FakeConnection phone(1, 1);
    auto membership = hub.join(phone);
    hub.end_session(id<UserId>(1), id<SessionId>(1), "revoked");
    hub.end_session(id<UserId>(1), id<SessionId>(7), "revoked");
    CHECK(hub.size() == 0);
    const std::vector<UserId> recipients{id<UserId>(1)};
    hub.deliver(recipients, "newMessage", nullptr);
    CHECK(phone.events == std::vector<std::string>{"sessionEnded"});
    membership.leave();
    CHECK(visitors.went == std::vector{std::pair(membership.id(), Departure::logged_out)});
    CHECK(visitors.ended == std::vector{id<SessionId>(1), id<SessionId>(7)});
}

TEST_CASE("hub: observers hear who comes, who goes and how", "[realtime]") {
    ping::Metrics metrics;
    Hub hub(1, metrics);
    Visitors visitors;
    hub.observe(visitors);
    FakeConnection first(1, 1);
    FakeConnection refused(1, 2);
    FakeConnection second(2, 3);
    auto a = hub.join(first);
    CHECK_FALSE(hub.join(refused));
    const auto a_id = a.id();
    ConnectionId b_id{};
    {
        const auto b = hub.join(second);
        b_id = b.id();
    }
    a.leave(Departure::goodbye);
    CHECK(visitors.came == std::vector{a_id, b_id});
    CHECK(visitors.went ==
          std::vector{std::pair(b_id, Departure::lost), std::pair(a_id, Departure::goodbye)});
}

TEST_CASE("hub: an event for one connection reaches it alone, and nobody when it has left", "[realtime]") {
    ping::Metrics metrics;
    Hub hub(0, metrics);
    FakeConnection phone(1, 1);
    FakeConnection laptop(1, 2);
    auto a = hub.join(phone);
    const auto b = hub.join(laptop);
    const std::vector<ConnectionId> recipients{a.id()};
    hub.deliver(recipients, "userTyping", nullptr);
    CHECK(phone.events.size() == 1);
    CHECK(laptop.events.empty());
    CHECK(hub.has(a.id()));
    a.leave();
    CHECK_FALSE(hub.has(recipients.front()));
    FakeConnection later(1, 3);
    const auto c = hub.join(later);
    CHECK(c.id() != recipients.front());
    hub.deliver(recipients, "userTyping", nullptr);
    CHECK(phone.events.size() == 1);
    CHECK(laptop.events.empty());
    CHECK(later.events.empty());
}
