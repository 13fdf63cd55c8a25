#include "ping/core/id.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ping;

TEST_CASE("id: holds the time, the process and a counter", "[core]") {
    test::FakeClock clock;
    clock.set_now(from_millis(0x65'43'21'00LL * 1000 + 999));
    SystemIdGenerator ids(clock, {1, 2, 3, 4, 5, 0xFF, 0xFF, 0xFF});
    CHECK(to_hex(ids.next()) ==
          "65432100"
          "0102030405"
          "ffffff");
    CHECK(to_hex(ids.next()) ==
          "65432100"
          "0102030405"
          "000000");
}

TEST_CASE("id: many of one second differ", "[core]") {
    test::FakeClock clock;
    SystemIdGenerator ids(clock, {9, 9, 9, 9, 9, 0, 0, 0});
    std::set<IdBytes> seen;
    for (int i = 0; i < 10'000; ++i) {
        seen.insert(ids.next());
    }
    CHECK(seen.size() == 10'000);
}

TEST_CASE("id: its text is 24 hex digits and nothing else is one", "[core]") {
    const auto id = UserId::parse("65432100010203040506AbCd");
    REQUIRE(id);
    CHECK(id->to_string() == "65432100010203040506abcd");
    for (const auto* const bad : {"", "65432100010203040506abc", "65432100010203040506abcde",
                                  "65432100010203040506abcg", " 5432100010203040506abcd"}) {
        INFO(bad);
        CHECK_FALSE(UserId::parse(bad));
    }
}
