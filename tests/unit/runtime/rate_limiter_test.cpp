#include "ping/runtime/rate_limiter.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using ping::RateLimiter;
using ping::test::FakeClock;

TEST_CASE("rate limiter: a burst, then so many a second, each key for itself", "[runtime]") {
    FakeClock clock;
    RateLimiter limiter(clock, 3, 1);
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(limiter.take("a"));
    }
    CHECK(limiter.take("a") == 1s);
    CHECK_FALSE(limiter.take("b"));
    clock.advance(1s);
    CHECK_FALSE(limiter.take("a"));
    CHECK(limiter.take("a"));
    clock.advance(1h);
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(limiter.take("a"));
    }
    CHECK(limiter.take("a"));
}

TEST_CASE("rate limiter: a token given back can be taken again, and is never one too many", "[runtime]") {
    FakeClock clock;
    RateLimiter limiter(clock, 2, 1);
    limiter.give_back("a");
    CHECK_FALSE(limiter.take("a"));
    CHECK_FALSE(limiter.take("a"));
    CHECK(limiter.take("a"));
    limiter.give_back("a");
    CHECK_FALSE(limiter.take("a"));
    CHECK(limiter.take("a"));
}

TEST_CASE("rate limiter: knows only so many keys", "[runtime]") {
    FakeClock clock;
    RateLimiter limiter(clock, 1, 0.1, 2);
    CHECK_FALSE(limiter.take("a"));
    CHECK_FALSE(limiter.take("b"));
    CHECK(limiter.take("a"));
    CHECK_FALSE(limiter.take("c"));  // forgets b, which was used before a
    CHECK(limiter.take("a"));
    CHECK_FALSE(limiter.take("b"));
}

TEST_CASE("rate limiter: a burst of 0 turns it off", "[runtime]") {
    FakeClock clock;
    RateLimiter limiter(clock, 0, 1);
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(limiter.take("a"));
    }
}
