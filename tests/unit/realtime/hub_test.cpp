#include "ping/realtime/hub.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using ping::Identity;
using ping::SessionId;
using ping::UserId;
using ping::realtime::CloseReason;
using ping::realtime::Hub;

namespace {

template <class Id>
Id id(std::uint8_t number) {
    return Id(ping::IdBytes{number});
}

class FakeConnection final : public ping::realtime::Connection {
public:
    FakeConnection(std::uint8_t user, std::uint8_t session)
        : identity_{id<UserId>(user), id<SessionId>(session), ping::Time::max()} {}
    const Identity& identity() const override { return identity_; }
    void deliver(ping::realtime::OutgoingEvent& event) override { events.emplace_back(event.name()); }
    void close(CloseReason reason) override { closed.push_back(reason); }

    std::vector<std::string> events;
    std::vector<CloseReason> closed;

private:
    Identity identity_;
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
