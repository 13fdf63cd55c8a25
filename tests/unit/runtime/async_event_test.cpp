#include "ping/runtime/async_event.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <catch2/catch.hpp>

using namespace ping;

namespace {

struct Fixture {
    test::FakeClock clock;
    Loop loop{clock};
    AsyncEvent event{loop};
};

}  // namespace

TEST_CASE("async event: a wait returns at once when it is set", "[runtime]") {
    Fixture f;
    f.event.set();
    const bool done = test::run_coro<bool>(f.loop, [&]() -> Task<bool> {
        co_await f.event.wait();
        co_return true;
    });
    CHECK(done);
    CHECK(f.event.is_set());
}

TEST_CASE("async event: a waiter wakes when it is set later", "[runtime]") {
    Fixture f;
    f.loop.post([&] { f.loop.post([&] { f.event.set(); }); });
    const bool done = test::run_coro<bool>(f.loop, [&]() -> Task<bool> {
        co_await f.event.wait();
        co_return f.event.is_set();
    });
    CHECK(done);
}

TEST_CASE("async event: after a clear it waits again", "[runtime]") {
    Fixture f;
    const int wakes = test::run_coro<int>(f.loop, [&]() -> Task<int> {
        int count = 0;
        for (int i = 0; i < 3; ++i) {
            f.event.clear();
            f.loop.post([&] { f.event.set(); });
            co_await f.event.wait();
            ++count;
        }
        co_return count;
    });
    CHECK(wakes == 3);
}

TEST_CASE("async event: a set that is taken back before the waiter runs wakes nobody", "[runtime]") {
    Fixture f;
    f.loop.post([&] {
        f.event.set();
        f.event.clear();
        f.loop.post([&] { f.loop.post([&] { f.event.set(); }); });
    });
    const bool is_set = test::run_coro<bool>(f.loop, [&]() -> Task<bool> {
        co_await f.event.wait();
        co_return f.event.is_set();
    });
    CHECK(is_set);
}

TEST_CASE("async event: a bounded wait says whether it was set", "[runtime]") {
    Fixture f;
    f.loop.post([&] { f.event.set(); });
    const bool was_set = test::run_coro<bool>(f.loop, [&]() -> Task<bool> {
        const bool result = co_await f.event.wait_for(std::chrono::seconds(5));
        co_return result;
    });
    CHECK(was_set);
    f.event.clear();
    // Posted twice, so that it comes after the wait began.
    f.loop.post([&] { f.loop.post([&] { f.clock.advance(std::chrono::seconds(6)); }); });
    const bool too_late = test::run_coro<bool>(f.loop, [&]() -> Task<bool> {
        const bool result = co_await f.event.wait_for(std::chrono::seconds(5));
        co_return result;
    });
    CHECK_FALSE(too_late);
}
