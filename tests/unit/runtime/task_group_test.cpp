#include "ping/runtime/task_group.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>

using namespace ping;

namespace {

struct Fixture {
    test::FakeClock clock;
    Loop loop{clock};
    TaskGroup group{loop};

    bool join() {
        return test::run_coro<bool>(loop, [this]() -> Task<bool> {
            co_await group.join();
            co_return true;
        });
    }
};

}  // namespace

TEST_CASE("task group: joining an empty one returns at once", "[runtime]") {
    Fixture f;
    CHECK(f.join());
}

TEST_CASE("task group: join waits for every task, those that tasks start included", "[runtime]") {
    Fixture f;
    AsyncEvent gate(f.loop);
    int done = 0;
    const auto waiting = [&]() -> Task<> {
        co_await gate.wait();
        ++done;
        f.group.spawn("inner", [&]() -> Task<> {
            ++done;
            co_return;
        });
    };
    f.group.spawn("outer", waiting);
    CHECK(f.group.size() == 1);
    f.loop.post([&] { gate.set(); });
    CHECK(f.join());
    CHECK(done == 2);
    CHECK(f.group.size() == 0);
}

TEST_CASE("task group: a task that throws is counted out", "[runtime]") {
    Fixture f;
    f.group.spawn("thrower", []() -> Task<> {
        throw std::runtime_error("on purpose");
        co_return;
    });
    f.group.spawn("odd thrower", []() -> Task<> {
        throw 7;
        co_return;
    });
    CHECK(f.join());
    CHECK(f.group.size() == 0);
}

TEST_CASE("task group: what a task captures lives until it ends", "[runtime]") {
    Fixture f;
    AsyncEvent gate(f.loop);
    auto value = std::make_shared<int>(7);
    const std::weak_ptr<int> watch = value;
    int seen = 0;
    std::function<Task<>()> body = [kept = std::move(value), &gate, &seen]() -> Task<> {
        co_await gate.wait();
        seen = *kept;
    };
    f.group.spawn("keeper", std::move(body));
    CHECK_FALSE(watch.expired());
    f.loop.post([&] { gate.set(); });
    CHECK(f.join());
    CHECK(seen == 7);
    CHECK(watch.expired());
}
