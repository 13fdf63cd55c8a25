#include "ping/realtime/presence_feed.hpp"

#include "support/fake_clock.hpp"
#include "unit/realtime/fake_connection.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::Result;
using ping::SessionId;
using ping::Task;
using ping::UserId;
using ping::realtime::Departure;
using ping::realtime::Membership;
using ping::realtime::PresenceFeed;
using ping::realtime::WireFormat;
using ping::test::FakeConnection;

namespace {

using Names = std::vector<std::string>;

// Of connections that take no deltas.
constexpr auto lists = WireFormat::socketio;

UserId user(int number) {
    return UserId(ping::IdBytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number / 256),
                                static_cast<std::uint8_t>(number % 256)});
}

/// A device in the hub.
struct Device {
    FakeConnection connection;
    Membership place;
};

struct Scene {
    explicit Scene(std::size_t open_up_to_in) : open_up_to(open_up_to_in) {}

    const std::size_t open_up_to;
    ping::Metrics metrics;
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    ping::TaskGroup tasks{loop};
    ping::realtime::Hub hub{0, metrics};
    ping::realtime::Presence presence{hub, loop.timers(), clock, metrics};
    std::map<UserId, std::vector<UserId>> contacts;
    int questions = 0;
    bool is_down = false;
    PresenceFeed feed{hub, presence, loop, tasks, [this](UserId person) { return find(person); }, open_up_to};
    std::deque<Device> devices;

    Task<Result<std::vector<UserId>>> find(UserId person) {
        ++questions;
        if (is_down) {
            co_return ping::errors::unavailable("down");
        }
        co_return contacts[person];
    }
    void share_chat(int a, int b) {
        contacts[user(a)].push_back(user(b));
        contacts[user(b)].push_back(user(a));
    }
    Device& connect(int number, WireFormat format = WireFormat::native) {
        auto& device = devices.emplace_back(Device{FakeConnection(user(number), SessionId(), format), {}});
        device.place = hub.join(device.connection);
        CHECK(device.connection.events.empty());
        run();
        return device;
    }
    void run() {
        loop.context().restart();
        loop.context().poll();
    }
    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        loop.timers().advance();
        run();
    }
    /// Lets go out what waits, and the pauses behind it end.
    void settle() {
        for (int i = 0; i < 4; ++i) {
            pass(1100ms);
        }
    }
};

/// The events that came, and forgets them.
Names take(Device& device) {
    device.connection.data.clear();
    return std::exchange(device.connection.events, {});
}

/// The numbers in the newest list that came, sorted.
std::vector<int> newest_list(const Device& device) {
    std::vector<int> numbers;
    const auto& events = device.connection.events;
    const auto last = std::find(events.rbegin(), events.rend(), "getOnlineUser");
    REQUIRE(last != events.rend());
    const auto& ids = device.connection.data[static_cast<std::size_t>(events.rend() - last) - 1];
    for (const auto& id : ids.as_array()) {
        const auto bytes = UserId::parse(std::string_view(id.as_string()))->bytes();
        numbers.push_back(bytes[10] * 256 + bytes[11]);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

using Numbers = std::vector<int>;

}  // namespace

TEST_CASE("presence feed: a connection gets the list first, oneself in it, then deltas", "[presence]") {
    Scene s(500);
    auto& ana = s.connect(1);
    CHECK(newest_list(ana) == Numbers{1});
    CHECK(take(ana) == Names{"getOnlineUser"});
    auto& bo = s.connect(2);
    CHECK(newest_list(bo) == Numbers{1, 2});
    CHECK(take(bo) == Names{"getOnlineUser"});
    s.pass(300ms);
    CHECK(ana.connection.data.back() == boost::json::value{{"userId", user(2).to_string()}});
    CHECK(take(ana) == Names{"userOnline"});
    const auto left_at = s.clock.now();
    bo.place.leave(Departure::goodbye);
    s.pass(300ms);
    CHECK(ana.connection.data.back().at("lastSeenAt") == boost::json::value(ping::to_iso8601(left_at)));
    CHECK(take(ana) == Names{"userOffline"});
    CHECK(s.questions == 0);
}

TEST_CASE("presence feed: a second device changes nothing for others", "[presence]") {
    Scene s(500);
    auto& ana = s.connect(1);
    s.connect(2);
    s.settle();
    take(ana);
    auto& second = s.connect(2);
    CHECK(newest_list(second) == Numbers{1, 2});
    second.place.leave(Departure::goodbye);
    s.pass(10s);
    CHECK(take(ana).empty());
}

TEST_CASE("presence feed: with 2,000 online one more costs each listener one delta", "[presence]") {
    Scene s(5000);
    for (int i = 0; i < 2000; ++i) {
        auto& device = s.devices.emplace_back(Device{FakeConnection(user(i), SessionId()), {}});
        device.connection.keeps_data = false;
        device.place = s.hub.join(device.connection);
    }
    s.settle();
    for (auto& device : s.devices) {
        take(device);
    }
    s.connect(2000);
    s.settle();
    s.devices.pop_back();
    s.pass(9s);
    s.settle();
    for (auto& device : s.devices) {
        REQUIRE(take(device) == Names{"userOnline", "userOffline"});
    }
}

TEST_CASE("presence feed: who does not take deltas gets the list, at most once a second", "[presence]") {
    Scene s(500);
    auto& old = s.connect(1, lists);
    CHECK(take(old) == Names{"getOnlineUser"});
    s.pass(2s);
    s.connect(2);
    CHECK(take(old) == Names{"getOnlineUser"});
    for (int i = 3; i < 12; ++i) {
        s.connect(i);
        s.pass(50ms);
    }
    CHECK(take(old).empty());
    s.pass(1s);
    CHECK(newest_list(old) == Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(take(old) == Names{"getOnlineUser"});
    s.pass(5s);
    CHECK(take(old).empty());
}

TEST_CASE("presence feed: with 2,000 online one more costs a reader of lists two kilobytes at most",
          "[presence]") {
    constexpr int online = 2000;
    constexpr int newcomer = online;
    Scene s(500);
    for (int i = 0; i < online; ++i) {
        for (int step = 1; step <= 20; ++step) {  // everybody has 40 contacts, all of them online
            s.share_chat(i, (i + step) % online);
        }
    }
    for (int i = 0; i < 50; ++i) {
        s.share_chat(newcomer, i);
    }
    for (int i = 0; i < online; ++i) {
        auto& device = s.devices.emplace_back(Device{FakeConnection(user(i), SessionId(), lists), {}});
        device.connection.keeps_data = false;
        device.place = s.hub.join(device.connection);
    }
    for (int i = 0; i < 60; ++i) {
        s.settle();  // the store is asked for a few at a time
    }
    const auto told = [&] {
        std::size_t contacts = 0;
        for (int i = 0; i < online; ++i) {
            auto& connection = s.devices[static_cast<std::size_t>(i)].connection;
            const bool is_contact = i < 50;
            REQUIRE(std::exchange(connection.events, {}).size() == (is_contact ? 1U : 0U));
            REQUIRE(connection.bytes < 2048);
            contacts += std::exchange(connection.bytes, 0) > 0 ? 1 : 0;
        }
        return contacts;
    };
    for (auto& device : s.devices) {
        take(device);
        device.connection.bytes = 0;
    }
    s.connect(newcomer, lists);
    CHECK(s.devices.back().connection.bytes < 2048);
    s.settle();
    CHECK(told() == 50);
    // Several changes in a second are one list.
    for (int i = 0; i < 10; ++i) {
        s.devices.back().place.leave(Departure::goodbye);
        s.devices.pop_back();
        s.connect(newcomer, lists);
        s.pass(50ms);
    }
    CHECK(told() == 50);
}

TEST_CASE("presence feed: a wave of changes comes as one list, not as hundreds of deltas", "[presence]") {
    Scene s(500);
    auto& ana = s.connect(1);
    s.connect(2);
    s.settle();
    take(ana);
    for (int i = 3; i < 300; ++i) {
        s.connect(i);
    }
    s.pass(300ms);
    s.pass(300ms);
    CHECK(newest_list(ana).size() == 299);
    CHECK(take(ana) == Names{"userOnline", "getOnlineUser"});
}

TEST_CASE("presence feed: somebody who came and went between two rounds ends offline", "[presence]") {
    Scene s(500);
    auto& ana = s.connect(1);
    s.connect(2);
    take(ana);
    for (int i = 0; i < 5; ++i) {
        s.connect(3).place.leave(Departure::goodbye);
    }
    s.settle();
    CHECK(ana.connection.data.back().at("userId") == boost::json::value(user(3).to_string()));
    CHECK(take(ana) == Names{"userOnline", "userOffline"});  // 2 came, 3 is gone
}

TEST_CASE("T32: above open_up_to nobody sees a stranger, in lists and in deltas", "[presence][T32]") {
    Scene s(0);
    s.share_chat(1, 2);
    auto& eve = s.connect(9);
    auto& old_eve = s.connect(8, lists);
    CHECK(newest_list(eve) == Numbers{9});
    auto& ana = s.connect(1);
    auto& bo = s.connect(2, lists);
    CHECK(newest_list(ana) == Numbers{1});
    CHECK(newest_list(bo) == Numbers{1, 2});
    take(bo);
    s.settle();
    CHECK(take(ana) == Names{"getOnlineUser", "userOnline"});
    ana.place.leave(Departure::goodbye);
    s.settle();
    CHECK(newest_list(bo) == Numbers{2});
    CHECK(take(eve) == Names{"getOnlineUser"});
    CHECK(newest_list(old_eve) == Numbers{8});
    CHECK(take(old_eve) == Names{"getOnlineUser"});
    CHECK_FALSE(s.feed.shows(user(9), user(1)));
    CHECK(s.feed.shows(user(2), user(1)));
    CHECK(s.feed.shows(user(9), user(9)));
    CHECK(s.questions == 4);
}

TEST_CASE("T32: when too many are online, strangers vanish from everyone's list", "[presence][T32]") {
    Scene s(10);
    s.share_chat(1, 2);
    for (int i = 1; i <= 10; ++i) {
        s.connect(i);
    }
    s.settle();
    auto& ana = s.devices[0];
    auto& cleo = s.devices[2];
    CHECK(s.feed.shows(user(3), user(1)));
    take(ana);
    take(cleo);
    s.connect(11);
    s.settle();
    CHECK(newest_list(ana) == Numbers{1, 2});
    CHECK(newest_list(cleo) == Numbers{3});
    CHECK_FALSE(s.feed.shows(user(3), user(1)));
    take(ana);
    take(cleo);
    s.devices[1].place.leave(Departure::goodbye);
    s.settle();
    CHECK(take(ana) == Names{"userOffline"});
    CHECK(take(cleo).empty());
    // Ten are online again: not yet enough less.
    s.devices[9].place.leave(Departure::goodbye);
    s.settle();
    CHECK(newest_list(cleo) == Numbers{1, 3, 4, 5, 6, 7, 8, 9, 11});
}

TEST_CASE("presence feed: who gets a chat sees the other one from then on", "[presence]") {
    Scene s(0);
    auto& ana = s.connect(1);
    auto& bo = s.connect(2, lists);
    take(ana);
    take(bo);
    s.feed.became_contacts(user(1), user(2));
    CHECK(take(ana) == Names{"userOnline"});
    CHECK(newest_list(bo) == Numbers{1, 2});
    s.feed.became_contacts(user(1), user(77));
    take(ana);
    bo.place.leave(Departure::goodbye);
    s.settle();
    CHECK(take(ana) == Names{"userOffline"});
}

TEST_CASE("presence feed: while the store is down nobody is told, afterwards everybody", "[presence]") {
    Scene s(0);
    s.share_chat(1, 2);
    auto& ana = s.connect(1);
    take(ana);
    s.is_down = true;
    auto& bo = s.connect(2);
    s.pass(1100ms);
    CHECK(take(bo).empty());
    CHECK(take(ana).empty());
    s.is_down = false;
    s.pass(1100ms);
    s.pass(300ms);
    CHECK(newest_list(bo) == Numbers{1, 2});
    CHECK(take(ana) == Names{"userOnline"});
}
