#include "mail/breaker.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace std::chrono_literals;

namespace {
constexpr SteadyTime start{1'000s};
}

TEST_CASE("breaker: closed it gives the room that is left", "[mail]") {
    const mail::Breaker breaker;
    CHECK(breaker.room(start, 0, 8) == 8);
    CHECK(breaker.room(start, 7, 8) == 1);
    CHECK(breaker.room(start, 8, 8) == 0);
    CHECK(breaker.room(start, 9, 8) == 0);
    CHECK_FALSE(breaker.opens_at());
}

TEST_CASE("breaker: five failures in a row open it for ten seconds, then one probe goes", "[mail]") {
    mail::Breaker breaker;
    for (int i = 0; i < 4; ++i) {
        CHECK_FALSE(breaker.note(false, start));
    }
    CHECK(breaker.room(start, 0, 8) == 8);
    CHECK(breaker.note(false, start));
    CHECK(breaker.room(start + 9'999ms, 0, 8) == 0);
    CHECK(breaker.opens_at() == start + 10s);
    CHECK(breaker.room(start + 10s, 0, 8) == 1);
    CHECK(breaker.room(start + 10s, 1, 8) == 0);

    SECTION("a probe that fails keeps it open for ten more") {
        CHECK_FALSE(breaker.note(false, start + 11s));
        CHECK(breaker.room(start + 20s, 0, 8) == 0);
        CHECK(breaker.room(start + 21s, 0, 8) == 1);
    }
    SECTION("a probe that gets in closes it") {
        breaker.note(true, start + 11s);
        CHECK(breaker.room(start + 11s, 0, 8) == 8);
        CHECK_FALSE(breaker.note(false, start + 11s));
    }
}

TEST_CASE("breaker: one that gets in starts the count anew", "[mail]") {
    mail::Breaker breaker;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 4; ++i) {
            CHECK_FALSE(breaker.note(false, start));
        }
        breaker.note(true, start);
    }
    CHECK(breaker.room(start, 0, 8) == 8);
}
