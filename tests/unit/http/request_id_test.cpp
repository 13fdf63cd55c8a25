#include "http/middleware/request_id.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ping;
using namespace ping::http;

TEST_CASE("request id: a fit one of the client's is kept", "[http][request-id]") {
    const test::FakeClock clock;
    RequestIds ids(clock);
    CHECK(ids.choose("a") == "a");
    CHECK(ids.choose("Az09._-") == "Az09._-");
    CHECK(ids.choose(std::string(64, 'x')) == std::string(64, 'x'));
}

TEST_CASE("T47: an unfit request id is replaced", "[http][request-id]") {
    const test::FakeClock clock;
    RequestIds ids(clock);
    for (const auto& sent :
         {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\nb"),
          std::string("a\x1B[2J"), std::string("\xC3\xA4"), std::string("a\"b"), std::string("a;b")}) {
        const auto id = ids.choose(sent);
        CHECK(id != sent);
        CHECK(id.size() == 16);
        CHECK(is_fit_request_id(id));
    }
}

TEST_CASE("request id: none comes twice", "[http][request-id]") {
    const test::FakeClock clock;
    RequestIds ids(clock);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        seen.insert(ids.next());
    }
    CHECK(seen.size() == 1000);
}
