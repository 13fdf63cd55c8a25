#include "ping/chats/seen_at_once.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using ping::ChatId;
using ping::Result;
using ping::Seq;
using ping::Task;
using ping::UserId;
using ping::chats::SeenAtOnce;

namespace {

const UserId ana(ping::IdBytes{1});
const UserId bo(ping::IdBytes{2});
const ChatId chat(ping::IdBytes{3});

/// Marks are written down when they begin and held until the test opens the gate.
struct Scene {
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    ping::TaskGroup tasks{loop};
    ping::AsyncEvent gate{loop};
    std::vector<Seq> marks;
    bool fails = false;
    int under_way = 0;
    int most_under_way = 0;
    SeenAtOnce seen{tasks, [this](UserId, ChatId, Seq seq) { return mark(seq); }};

    Task<Result<void>> mark(Seq seq) {
        marks.push_back(seq);
        most_under_way = std::max(most_under_way, ++under_way);
        co_await gate.wait();
        --under_way;
        if (fails) {
            co_return ping::errors::unavailable("down");
        }
        co_return ping::ok();
    }
    /// Runs `step` on the loop, then what is ready.
    void on_loop(std::function<void()> step) {
        ping::test::run_coro<bool>(loop, [step = std::move(step)]() -> Task<bool> {
            step();
            co_return true;
        });
    }
    void finish() {
        loop.post([this] { gate.set(); });
        ping::test::run_coro<bool>(loop, [this]() -> Task<bool> {
            co_await tasks.join();
            co_return true;
        });
    }
};

}  // namespace

TEST_CASE("seen at once: what arrives while a mark is moving becomes one move, to the newest", "[chats]") {
    Scene s;
    s.on_loop([&] { s.seen.note(ana, chat, 1); });
    s.on_loop([&] {
        for (Seq seq = 2; seq <= 50; ++seq) {
            s.seen.note(ana, chat, seq);
        }
        s.seen.note(ana, chat, 7);
    });
    s.finish();
    CHECK(s.marks == std::vector<Seq>{1, 50});
    CHECK(s.most_under_way == 1);
    CHECK(s.seen.size() == 0);
}

TEST_CASE("seen at once: a move that failed is not repeated, and the next message tries again", "[chats]") {
    Scene s;
    s.fails = true;
    s.on_loop([&] { s.seen.note(ana, chat, 1); });
    s.on_loop([&] { s.seen.note(ana, chat, 2); });
    s.finish();
    CHECK(s.marks == std::vector<Seq>{1});
    s.fails = false;
    s.on_loop([&] { s.seen.note(ana, chat, 3); });
    s.finish();
    CHECK(s.marks == std::vector<Seq>{1, 3});
    CHECK(s.seen.size() == 0);
}
