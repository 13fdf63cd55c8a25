#include "ping/realtime/typing.hpp"

#include "support/fake_clock.hpp"
#include "unit/realtime/fake_connection.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::ChatId;
using ping::UserId;
using ping::realtime::Caller;
using ping::realtime::Typing;
using ping::test::FakeConnection;
using ping::test::numbered;

namespace {

const auto ana = numbered<UserId>(1);
const auto bo = numbered<UserId>(2);
const auto chat = numbered<ChatId>(100);

/// What was told, as "+chat" and "-chat".
struct Scene {
    ping::Metrics metrics;
    ping::test::FakeClock clock;
    ping::TimerWheel timers{clock};
    ping::realtime::Hub hub{0, metrics};
    std::vector<std::string> told;
    std::vector<UserId> audience;
    Typing typing{hub, timers, clock, [this](const Typing::Change& change) {
                      const auto number = std::to_string(change.chat.bytes().front());
                      told.push_back((change.is_typing ? "+" : "-") + number);
                      audience = change.audience;
                  }};
    FakeConnection phone{1, 1};
    FakeConnection laptop{1, 2};
    ping::realtime::Membership at_phone = hub.join(phone);
    ping::realtime::Membership at_laptop = hub.join(laptop);

    void type(const ping::realtime::Membership& place, ChatId id = chat) {
        typing.ask(Caller{phone.identity(), place.id()}, id);
        typing.start(ana, id, {ana, bo});
    }
    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        timers.advance();
    }
    std::vector<std::string> take_told() { return std::exchange(told, {}); }
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("typing: told at the start to the others, and stopped after 6 s of silence", "[realtime]") {
    Scene s;
    s.type(s.at_phone);
    CHECK(s.take_told() == Told{"+100"});
    CHECK(s.audience == std::vector{bo});
    s.pass(5900ms);
    CHECK(s.take_told().empty());
    s.pass(200ms);
    CHECK(s.take_told() == Told{"-100"});
    CHECK(s.audience == std::vector{bo});
    CHECK(s.typing.size() == 0);
    s.pass(10s);
    CHECK(s.take_told().empty());
}

TEST_CASE("typing: keystrokes keep it going and are told again every 2 s alone", "[realtime]") {
    Scene s;
    for (int i = 0; i < 41; ++i) {
        s.type(s.at_phone);
        s.pass(100ms);
    }
    CHECK(s.take_told() == Told{"+100", "+100", "+100"});
    s.pass(5800ms);
    CHECK(s.take_told().empty());
    s.pass(300ms);
    CHECK(s.take_told() == Told{"-100"});
}

TEST_CASE("typing: a stop is told once, and only of who was typing", "[realtime]") {
    Scene s;
    s.typing.stop(ana, chat);
    s.type(s.at_phone);
    s.typing.stop(bo, chat);
    s.typing.stop(ana, chat);
    s.typing.stop(ana, chat);
    CHECK(s.take_told() == Told{"+100", "-100"});
    s.pass(10s);
    CHECK(s.take_told().empty());
}

TEST_CASE("T30: typing is told at most twice a second and user, however many chats", "[realtime][T30]") {
    Scene s;
    for (int second = 0; second < 5; ++second) {
        for (std::uint8_t i = 0; i < 50; ++i) {
            s.type(s.at_phone, numbered<ChatId>(i));
            s.typing.stop(ana, numbered<ChatId>(i));
            s.pass(20ms);
        }
    }
    const auto starts =
        std::count_if(s.told.begin(), s.told.end(), [](const auto& t) { return t[0] == '+'; });
    CHECK(starts >= 10);
    CHECK(starts <= 12);
    CHECK(static_cast<std::size_t>(starts) * 2 == s.told.size());
    CHECK(s.typing.size() == 0);
}

TEST_CASE("typing: what was dropped as too much is not remembered, and the next keystroke is told",
          "[realtime]") {
    Scene s;
    for (std::uint8_t i = 0; i < 20; ++i) {
        s.type(s.at_phone, numbered<ChatId>(i));
    }
    CHECK(s.take_told() == Told{"+0", "+1"});
    CHECK(s.typing.size() == 2);
    s.pass(1s);
    s.type(s.at_phone, numbered<ChatId>(19));
    CHECK(s.take_told() == Told{"+19"});
}

TEST_CASE("typing: ends with the connection that was typed on last", "[realtime]") {
    Scene s;
    s.type(s.at_phone);
    s.pass(1s);
    s.type(s.at_laptop, numbered<ChatId>(101));
    s.type(s.at_laptop);
    s.take_told();
    s.at_phone.leave();
    CHECK(s.take_told().empty());
    s.at_laptop.leave();
    CHECK(s.take_told() == Told{"-100", "-101"});
    CHECK(s.typing.size() == 0);
}

TEST_CASE("typing: a stop, a refusal or a departure that overtakes the check leaves nothing", "[realtime]") {
    Scene s;
    const Caller caller{s.phone.identity(), s.at_phone.id()};
    s.typing.ask(caller, chat);
    SECTION("stop") {
        s.typing.stop(ana, chat);
    }
    SECTION("refusal") {
        s.typing.refuse(ana, chat);
    }
    SECTION("departure") {
        s.at_phone.leave();
    }
    SECTION("silence") {
        s.pass(7s);
    }
    CHECK(s.typing.size() == 0);
    s.typing.start(ana, chat, {ana, bo});
    CHECK(s.take_told().empty());
    CHECK(s.typing.size() == 0);
}

TEST_CASE("typing: a failed check of a later keystroke does not end what is told", "[realtime]") {
    Scene s;
    s.type(s.at_phone);
    s.typing.ask(Caller{s.phone.identity(), s.at_phone.id()}, chat);
    s.typing.refuse(ana, chat);
    s.pass(7s);
    CHECK(s.take_told() == Told{"+100", "-100"});
}
