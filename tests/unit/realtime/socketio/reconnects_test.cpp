#include "realtime/socketio/reconnects.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace std::chrono_literals;
using namespace ping::realtime::socketio;
using ping::ChatId;
using ping::UserId;
using ping::realtime::ConnectionId;

namespace {

UserId user(int number) {
    return UserId(ping::IdBytes{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number / 256)});
}
ChatId chat(int number) {
    return ChatId(ping::IdBytes{static_cast<std::uint8_t>(number)});
}
Device device(int person, std::size_t fingerprint = 1) {
    return {user(person), fingerprint};
}
/// A loss that can be told from others by the chat it had open.
LostConnection loss(int number) {
    LostConnection what;
    what.open_chats = {chat(number)};
    return what;
}

struct Scene {
    ping::test::FakeClock clock;
    Reconnects reconnects{clock};
    std::uint64_t last = 0;

    ConnectionId next() { return static_cast<ConnectionId>(++last); }
    /// The number of the loss that a new connection gets; 0: none.
    int arrive(const Device& who) {
        const auto got = reconnects.arrived(who, next());
        return got ? got->open_chats.front().bytes()[0] : 0;
    }
    std::optional<ConnectionId> lose(const Device& who, int number) {
        auto what = loss(number);
        return reconnects.lost(who, clock.steady_now(), what);
    }
};

}  // namespace

TEST_CASE("reconnects: each loss is handed out once, the oldest first, to its own device", "[socketio]") {
    Scene scene;
    scene.lose(device(1), 1);
    scene.clock.advance(1s);
    scene.lose(device(1), 2);
    scene.lose(device(1, 7), 3);
    scene.lose(device(2), 4);
    CHECK(scene.arrive(device(3)) == 0);
    CHECK(scene.arrive(device(1)) == 1);
    CHECK(scene.arrive(device(1)) == 2);
    CHECK(scene.arrive(device(1)) == 0);
    CHECK(scene.arrive(device(1, 7)) == 3);
    CHECK(scene.arrive(device(2, 7)) == 0);
    CHECK(scene.reconnects.size() == 1);
}

TEST_CASE("reconnects: for two minutes", "[socketio]") {
    Scene scene;
    scene.lose(device(1), 1);
    scene.clock.advance(60s);
    scene.lose(device(1), 2);
    scene.clock.advance(59s);
    CHECK(scene.arrive(device(1)) == 1);
    scene.clock.advance(61s);
    CHECK(scene.arrive(device(1)) == 0);
    CHECK(scene.reconnects.size() == 0);
}

TEST_CASE("reconnects: a loss that is found later goes to the connection that has come", "[socketio]") {
    Scene scene;
    const auto first = scene.next();
    scene.reconnects.arrived(device(1), first);
    const auto last_heard = scene.clock.steady_now() + 1s;
    scene.clock.advance(10s);
    const auto second = scene.next();
    scene.reconnects.arrived(device(1), second);
    scene.clock.advance(20s);
    auto what = loss(1);
    SECTION("to the one that came after the last sign of life, once") {
        CHECK(scene.reconnects.lost(device(1), last_heard, what) == second);
        CHECK_FALSE(scene.reconnects.lost(device(1), last_heard, what));
    }
    SECTION("not to another device") {
        CHECK_FALSE(scene.reconnects.lost(device(1, 2), last_heard, what));
    }
    SECTION("not to one that is gone") {
        scene.reconnects.forget(user(1), second);
        CHECK_FALSE(scene.reconnects.lost(device(1), last_heard, what));
    }
    SECTION("not after two minutes") {
        scene.clock.advance(100s);
        CHECK_FALSE(scene.reconnects.lost(device(1), last_heard, what));
    }
}

TEST_CASE("reconnects: what is said while somebody is away is missed from its first message on",
          "[socketio]") {
    Scene scene;
    auto what = loss(1);
    what.missed.note_first({chat(5), 10});
    scene.reconnects.lost(device(1), scene.clock.steady_now(), what);
    const std::vector<UserId> people{user(1), user(2)};
    scene.reconnects.missed(people, {chat(5), 12});
    scene.reconnects.missed(people, {chat(6), 3});
    scene.reconnects.missed(people, {chat(6), 4});
    scene.reconnects.missed({people.data() + 1, 1}, {chat(7), 1});
    const auto got = scene.reconnects.arrived(device(1), scene.next());
    REQUIRE(got);
    CHECK(got->missed.find(chat(5))->seq == 10);
    CHECK(got->missed.find(chat(6))->seq == 3);
    CHECK(got->missed.find(chat(7)) == nullptr);
}

TEST_CASE("reconnects: memory is bounded, for one user and for all", "[socketio]") {
    Scene scene;
    for (int i = 1; i <= 30; ++i) {
        scene.lose(device(1), i);
    }
    CHECK(scene.reconnects.size() == Reconnects::most_per_user);
    CHECK(scene.arrive(device(1)) == 11);
    for (int i = 0; i < 11'000; ++i) {
        scene.lose(device(2 + i), 1);
    }
    CHECK(scene.reconnects.size() == Reconnects::most);
    CHECK(scene.arrive(device(1)) == 0);
}
