#include "ping/runtime/timer_wheel.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

using namespace ping;
using std::chrono::milliseconds;

namespace {

struct Wheel {
    test::FakeClock clock;
    TimerWheel timers{clock};

    void advance(milliseconds by) {
        clock.advance(by);
        timers.advance();
    }
};

}  // namespace

TEST_CASE("timer wheel: a timer fires up to one tick late, never early", "[runtime]") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        Wheel wheel;
        wheel.advance(milliseconds(random() % 200));
        const milliseconds delay(random() % 60'000);  // more than one turn of the wheel is 25.6 s
        int fired = 0;
        CallbackTimer timer([&] { ++fired; });
        wheel.timers.arm(timer, delay);
        milliseconds passed(0);
        while (fired == 0 && passed <= delay + TimerWheel::tick) {
            wheel.advance(milliseconds(1));
            ++passed;
        }
        REQUIRE(passed <= delay + TimerWheel::tick);
        REQUIRE(passed >= delay);
        wheel.advance(std::chrono::minutes(5));
        REQUIRE(fired == 1);
    }
}

TEST_CASE("timer wheel: a long jump fires what is due and nothing else", "[runtime]") {
    Wheel wheel;
    std::vector<int> fired;
    CallbackTimer soon([&] { fired.push_back(1); });
    CallbackTimer later([&] { fired.push_back(2); });
    CallbackTimer much_later([&] { fired.push_back(3); });
    wheel.timers.arm(soon, milliseconds(10));
    wheel.timers.arm(later, std::chrono::minutes(30));
    wheel.timers.arm(much_later, std::chrono::hours(5));
    wheel.advance(std::chrono::hours(1));
    std::ranges::sort(fired);
    CHECK(fired == std::vector<int>{1, 2});
    wheel.advance(std::chrono::hours(4) + TimerWheel::tick);
    CHECK(fired == std::vector<int>{1, 2, 3});
}

TEST_CASE("timer wheel: arming again moves the deadline", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    CallbackTimer timer([&] { ++fired; });
    wheel.timers.arm(timer, milliseconds(100));
    wheel.advance(milliseconds(90));
    wheel.timers.arm(timer, milliseconds(1000));
    wheel.advance(milliseconds(900));
    CHECK(fired == 0);
    wheel.advance(milliseconds(200));
    CHECK(fired == 1);
}

TEST_CASE("timer wheel: a disarmed or destroyed timer does not fire", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    CallbackTimer timer([&] { ++fired; });
    wheel.timers.arm(timer, milliseconds(100));
    CHECK(timer.is_armed());
    timer.disarm();
    CHECK_FALSE(timer.is_armed());
    {
        CallbackTimer gone([&] { ++fired; });
        wheel.timers.arm(gone, milliseconds(100));
    }
    wheel.advance(std::chrono::seconds(1));
    CHECK(fired == 0);
}

TEST_CASE("timer wheel: a callback may arm its own timer again", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    CallbackTimer timer;
    timer.set([&] {
        ++fired;
        wheel.timers.arm(timer, milliseconds(0));
    });
    wheel.timers.arm(timer, milliseconds(0));
    for (int tick = 1; tick <= 10; ++tick) {
        wheel.advance(TimerWheel::tick);
    }
    CHECK(fired >= 9);
    CHECK(fired <= 10);
}

TEST_CASE("timer wheel: a callback may disarm another timer that is due in the same tick", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    CallbackTimer second([&] { ++fired; });
    CallbackTimer first([&] {
        ++fired;
        second.disarm();
    });
    wheel.timers.arm(first, milliseconds(100));
    wheel.timers.arm(second, milliseconds(100));
    wheel.advance(std::chrono::seconds(1));
    CHECK(fired == 1);
}

TEST_CASE("timer wheel: a callback may destroy its own timer and others", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    std::vector<std::unique_ptr<CallbackTimer>> all;
    for (int i = 0; i < 3; ++i) {
        all.push_back(std::make_unique<CallbackTimer>([&] {
            ++fired;
            all.clear();
        }));
        wheel.timers.arm(*all.back(), milliseconds(100));
    }
    wheel.advance(std::chrono::seconds(1));
    CHECK(fired == 1);
    CHECK(all.empty());
}

TEST_CASE("timer wheel: a callback that throws costs no other timer its turn", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    std::vector<std::unique_ptr<CallbackTimer>> all;
    for (int i = 0; i < 3; ++i) {
        all.push_back(std::make_unique<CallbackTimer>([&] {
            ++fired;
            throw std::runtime_error("from a timer, on purpose");
        }));
        wheel.timers.arm(*all.back(), milliseconds(100));
    }
    wheel.advance(std::chrono::seconds(1));
    CHECK(fired == 3);
}

TEST_CASE("timer wheel: the wall clock does not move deadlines", "[runtime]") {
    Wheel wheel;
    int fired = 0;
    CallbackTimer timer([&] { ++fired; });
    wheel.timers.arm(timer, std::chrono::seconds(10));
    wheel.clock.set_now(wheel.clock.now() + std::chrono::hours(48));
    wheel.timers.advance();
    CHECK(fired == 0);
}

TEST_CASE("timer wheel: a timer may outlive its wheel", "[runtime]") {
    CallbackTimer timer([] {});
    {
        Wheel wheel;
        wheel.timers.arm(timer, std::chrono::seconds(1));
    }
    CHECK_FALSE(timer.is_armed());
}
