#include "ping/users/last_seen.hpp"

#include "support/fake_clock.hpp"
#include "support/run_all.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <vector>

using namespace std::chrono_literals;
using namespace ping;

namespace {

UserId user(int number) {
    return UserId(IdBytes{static_cast<std::uint8_t>(number / 256), static_cast<std::uint8_t>(number % 256)});
}

/// Keeps what it is told about last_seen_at, and nothing else.
class MemoryUsers final : public storage::UserStore {
public:
    Task<Result<User>> get(UserId /*id*/) override { co_return errors::internal("not asked for"); }
    Task<Result<std::vector<User>>> get_many(std::vector<UserId> /*ids*/) override {
        co_return errors::internal("not asked for");
    }
    Task<Result<std::vector<User>>> list(storage::UserQuery /*query*/) override {
        co_return errors::internal("not asked for");
    }
    Task<Result<User>> rename(UserId /*id*/, std::string /*name*/, Time /*now*/) override {
        co_return errors::internal("not asked for");
    }
    Task<Result<void>> note_last_seen(std::vector<storage::LastSeen> people) override {
        sizes.push_back(people.size());
        if (is_down) {
            co_return errors::unavailable("down");
        }
        for (const auto& [id, at] : people) {
            seen[id] = at;
        }
        co_return ok();
    }

    std::map<UserId, Time> seen;
    std::vector<std::size_t> sizes;
    bool is_down = false;
};

struct Scene {
    test::FakeClock clock;
    Loop loop{clock};
    TaskGroup tasks{loop};
    Metrics metrics;
    realtime::Hub hub{0, metrics};
    realtime::Presence presence{hub, loop.timers(), clock, metrics};
    MemoryUsers store;
    users::LastSeen last_seen{presence, store, loop, tasks};

    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        loop.timers().advance();
        loop.context().restart();
        loop.context().poll();
    }
};

}  // namespace

TEST_CASE("last seen: those who go offline within a second are stored together, a thousand at a time",
          "[users]") {
    Scene s;
    const Time first = s.clock.now();
    for (int i = 0; i < 1500; ++i) {
        s.last_seen.went_offline(user(i), first);
    }
    s.last_seen.went_offline(user(0), first + 1s);
    s.pass(900ms);
    CHECK(s.store.sizes.empty());
    s.pass(200ms);
    s.pass(1100ms);
    s.pass(1100ms);
    CHECK(s.store.sizes == std::vector<std::size_t>{1000, 500});
    CHECK(s.store.seen.size() == 1500);
    CHECK(s.store.seen[user(0)] == first + 1s);
}

TEST_CASE("last seen: what the store did not take is tried again, and never over something newer",
          "[users]") {
    Scene s;
    const Time first = s.clock.now();
    s.store.is_down = true;
    s.last_seen.went_offline(user(1), first);
    s.last_seen.went_offline(user(2), first);
    s.pass(1100ms);
    CHECK(s.last_seen.size() == 2);
    s.last_seen.went_offline(user(1), first + 5s);
    s.pass(1100ms);
    s.store.is_down = false;
    s.pass(1100ms);
    CHECK(s.last_seen.size() == 0);
    CHECK(s.store.seen[user(1)] == first + 5s);
    CHECK(s.store.seen[user(2)] == first);
}

TEST_CASE("last seen: the stop stores what waits, and does not wait for a store that is down", "[users]") {
    Scene s;
    s.store.is_down = GENERATE(false, true);
    for (int i = 0; i < 2500; ++i) {
        s.last_seen.went_offline(user(i), s.clock.now());
    }
    test::run_coro<bool>(s.loop, [&]() -> Task<bool> {
        co_await s.last_seen.finish();
        co_return true;
    });
    CHECK(s.store.seen.size() == (s.store.is_down ? 0U : 2500U));
    CHECK(s.store.sizes.size() == (s.store.is_down ? 1U : 3U));
}
