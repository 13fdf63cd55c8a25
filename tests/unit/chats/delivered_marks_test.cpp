#include "ping/chats/delivered_marks.hpp"

#include "support/catch_result.hpp"
#include "support/fake_clock.hpp"
#include "support/run_all.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>
#include <vector>

using namespace std::chrono_literals;
using ping::ChatId;
using ping::Result;
using ping::Seq;
using ping::Task;
using ping::UserId;

namespace {

const UserId ana(ping::IdBytes{1});
const UserId bo(ping::IdBytes{2});
const ChatId chat(ping::IdBytes{3});
const ChatId other_chat(ping::IdBytes{4});

/// A store of which the chat's last seq is 100.
struct Scene {
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    ping::TaskGroup tasks{loop};
    std::vector<Seq> stored;
    ping::ErrorCode failure{};
    bool fails = false;
    ping::chats::DeliveredMarks marks{loop, tasks, [this](UserId, ChatId, Seq seq) { return store(seq); }};

    Task<Result<Seq>> store(Seq seq) {
        stored.push_back(seq);
        if (fails) {
            co_return ping::Error(failure, "test", "test");
        }
        co_return std::min(seq, Seq{100});
    }
    Result<void> mark(Seq seq, UserId member = ana, ChatId where = chat) {
        return ping::test::run(loop, [&] { return marks.mark(member, where, seq); });
    }
    void finish_tasks() {
        ping::test::run_coro<bool>(loop, [this]() -> Task<bool> {
            co_await tasks.join();
            co_return true;
        });
    }
    void pass(std::chrono::milliseconds time) {
        for (; time > 0ms; time -= 50ms) {
            clock.advance(50ms);
            loop.timers().advance();
            finish_tasks();
        }
    }
};

}  // namespace

TEST_CASE("delivered: the first mark is stored at once, then the newest once a second", "[chats]") {
    Scene s;
    REQUIRE(s.mark(1));
    CHECK(s.stored == std::vector<Seq>{1});
    for (Seq seq = 2; seq <= 9; ++seq) {
        REQUIRE(s.mark(seq));
    }
    REQUIRE(s.mark(4));
    s.pass(950ms);
    CHECK(s.stored == std::vector<Seq>{1});
    s.pass(350ms);
    CHECK(s.stored == std::vector<Seq>{1, 9});
    REQUIRE(s.mark(10));
    s.pass(900ms);
    CHECK(s.stored == std::vector<Seq>{1, 9});
    s.pass(400ms);
    CHECK(s.stored == std::vector<Seq>{1, 9, 10});
    s.pass(2s);
    CHECK(s.marks.size() == 0);
    REQUIRE(s.mark(11));
    CHECK(s.stored == std::vector<Seq>{1, 9, 10, 11});
}

TEST_CASE("delivered: each member of each chat has a second of its own", "[chats]") {
    Scene s;
    REQUIRE(s.mark(1));
    REQUIRE(s.mark(1, bo));
    REQUIRE(s.mark(1, ana, other_chat));
    CHECK(s.stored.size() == 3);
    CHECK(s.marks.size() == 3);
    CHECK(s.marks.knows(bo, chat));
    CHECK_FALSE(s.marks.knows(bo, other_chat));
}

TEST_CASE("delivered: what was marked already, or lies behind the chat's end, is stored once", "[chats]") {
    Scene s;
    REQUIRE(s.mark(1'000'000));
    REQUIRE(s.mark(100));
    REQUIRE(s.mark(1'000'000));
    s.pass(5s);
    CHECK(s.stored == std::vector<Seq>{1'000'000, 1'000'000});
    CHECK(s.marks.size() == 0);
}

TEST_CASE("delivered: the stop stores what waits", "[chats]") {
    Scene s;
    REQUIRE(s.mark(1));
    REQUIRE(s.mark(2));
    REQUIRE(s.mark(1, bo));
    s.marks.flush();
    s.finish_tasks();
    CHECK(s.stored == std::vector<Seq>{1, 1, 2});
}

TEST_CASE("delivered: a stranger hears it at every mark and is not remembered", "[chats]") {
    Scene s;
    s.fails = true;
    s.failure = ping::ErrorCode::forbidden;
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(s.mark(1));
        CHECK(s.marks.size() == 0);
    }
}

TEST_CASE("delivered: while the store is down marks wait and the newest is tried each second", "[chats]") {
    Scene s;
    REQUIRE(s.mark(1));
    s.fails = true;
    s.failure = ping::ErrorCode::unavailable;
    REQUIRE(s.mark(2));
    s.pass(1300ms);
    REQUIRE(s.mark(3));
    s.pass(1300ms);
    s.fails = false;
    s.pass(1300ms);
    CHECK(s.stored == std::vector<Seq>{1, 2, 3, 3});
    s.pass(3s);
    CHECK(s.marks.size() == 0);
}
