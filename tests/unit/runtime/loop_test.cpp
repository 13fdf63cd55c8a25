#include "ping/runtime/loop.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace ping;

TEST_CASE("loop: what is posted runs in order on the loop's thread", "[runtime]") {
    const SystemClock clock;
    Loop loop(clock);
    std::vector<int> order;
    std::thread::id thread;
    for (int i = 0; i < 1000; ++i) {
        loop.post([&, i] { order.push_back(i); });
    }
    loop.post([&] {
        thread = std::this_thread::get_id();
        loop.stop();
    });
    std::thread runner([&] { loop.run(); });
    const auto loops_thread = runner.get_id();
    runner.join();
    REQUIRE(order.size() == 1000);
    CHECK(std::is_sorted(order.begin(), order.end()));
    CHECK(thread == loops_thread);
}

TEST_CASE("loop: the hooks run at the end of a turn, in order, after all that was ready", "[runtime]") {
    const SystemClock clock;
    Loop loop(clock);
    std::vector<int> order;
    loop.at_turn_end([&] { order.push_back(10); });
    loop.at_turn_end([&] { order.push_back(11); });
    for (int i = 0; i < 3; ++i) {
        loop.post([&, i] { order.push_back(i); });
    }
    loop.post([&] { loop.stop(); });
    loop.run();
    CHECK(order == std::vector<int>{0, 1, 2, 10, 11});
}

TEST_CASE("loop: an exception is logged and the loop goes on", "[runtime]") {
    const SystemClock clock;
    Loop loop(clock);
    bool was_reached = false;
    int ends = 0;
    loop.at_turn_end([&] {
        ++ends;
        throw std::logic_error("from a hook, on purpose");
    });
    loop.at_turn_end([] { throw 42; });
    loop.post([] { throw std::logic_error("from a handler, on purpose"); });
    loop.post([] { throw 42; });  // not every library throws std::exception
    loop.post([&] {
        was_reached = true;
        loop.stop();
    });
    loop.run();
    CHECK(was_reached);
    CHECK(ends >= 1);
}

TEST_CASE("loop: another thread can stop it while it sleeps", "[runtime]") {
    const SystemClock clock;
    Loop loop(clock);
    std::thread runner([&] { loop.run(); });
    loop.stop();
    runner.join();
    SUCCEED();
}

TEST_CASE("loop: it can run again after a stop", "[runtime]") {
    const SystemClock clock;
    Loop loop(clock);
    int runs = 0;
    for (int i = 0; i < 3; ++i) {
        loop.post([&] {
            ++runs;
            loop.stop();
        });
        loop.run();
    }
    CHECK(runs == 3);
}

TEST_CASE("loop: it turns the timer wheel by the injected clock", "[runtime]") {
    test::FakeClock clock;
    Loop loop(clock);
    bool has_fired = false;
    CallbackTimer timer([&] {
        has_fired = true;
        loop.stop();
    });
    loop.timers().arm(timer, std::chrono::hours(1));
    loop.post([&] { clock.advance(std::chrono::hours(2)); });
    loop.run();
    CHECK(has_fired);
}
