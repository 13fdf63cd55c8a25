#include "http/middleware/request_id.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ping;
using namespace ping::http;

TEST_CASE("T47: request id: a client's is fit that can do no harm in a log", "[http][request-id]") {
    for (const auto& sent : {std::string("a"), std::string("Az09._-"), std::string(64, 'x')}) {
        CHECK(is_fit_request_id(sent));
    }
    for (const auto& sent :
         {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\nb"),
          std::string("a\x1B[2J"), std::string("\xC3\xA4"), std::string("a\"b"), std::string("a;b")}) {
        CHECK_FALSE(is_fit_request_id(sent));
    }
}

TEST_CASE("request id: none comes twice", "[http][request-id]") {
    const test::FakeClock clock;
    RequestIds ids(clock);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto id = ids.next();
        CHECK(id.size() == 16);
        CHECK(is_fit_request_id(id));
        seen.insert(id);
    }
    CHECK(seen.size() == 1000);
}
