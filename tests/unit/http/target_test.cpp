#include "http/target.hpp"

#include <catch2/catch.hpp>

using namespace ping::http;

TEST_CASE("target: path and query are decoded", "[http][target]") {
    const auto target = parse_target("/a%20b/%C3%A4?x=1+2&y=%26%3D&flag&z=a=b&&empty=");
    REQUIRE(target.has_value());
    CHECK(target->path == "/a b/\xC3\xA4");
    using Pair = std::pair<std::string, std::string>;
    REQUIRE(target->query.size() == 5);
    CHECK(target->query[0] == Pair("x", "1 2"));
    CHECK(target->query[1] == Pair("y", "&="));
    CHECK(target->query[2] == Pair("flag", ""));
    CHECK(target->query[3] == Pair("z", "a=b"));
    CHECK(target->query[4] == Pair("empty", ""));
}

TEST_CASE("target: a plus in the path is a plus", "[http][target]") {
    CHECK(parse_target("/a+b")->path == "/a+b");
    CHECK(parse_target("/a?")->query.empty());
}

TEST_CASE("T39: broken escapes, bytes that are not UTF-8 and control characters are refused",
          "[http][target]") {
    for (const auto* target :
         {"/%",         "/%4",           "/%4g",   "/%zz",       "/%C3",     "/%C3%28",  "/%C0%AF",
          "/%ED%A0%80", "/%F5%80%80%80", "/%FF",   "/%E0%80%AF", "/%00",     "/%0A",     "/%0d%0a",
          "/%1b[31m",   "/%7F",          "/a?x=%", "/a?%ff=1",   "/a?x=%C3", "/a?x=%00", "/a?%zz"}) {
        INFO(target);
        CHECK_FALSE(parse_target(target).has_value());
    }
}

TEST_CASE("target: escaped slashes and dot segments are refused", "[http][target]") {
    for (const auto* target : {"/a%2Fb", "/a%2fb", "/..", "/a/../b", "/%2e%2e/a", "/a/.", "/./a", "/a/%2E"}) {
        INFO(target);
        CHECK_FALSE(parse_target(target).has_value());
    }
    CHECK(parse_target("/.well-known/a..b/...").has_value());
    CHECK(parse_target("/a?next=%2Fb/../c").has_value());
}
