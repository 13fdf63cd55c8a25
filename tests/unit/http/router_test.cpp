#include "ping/http/router.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace ping;
using namespace ping::http;

namespace {

Task<Result<Response>> answer(Request&) {
    co_return Response();
}

Router make_router() {
    Router router;
    const RouteOptions options;
    router.add(Method::get, "/user/:id", options, answer);
    router.add(Method::get, "/user/all", options, answer);
    router.add(Method::del, "/user/:id", options, answer);
    router.add(Method::post, "/user/:id/friends/:friend", options, answer);
    router.add(Method::get, "/", options, answer);
    router.add_upgrade("/ws", [](Upgrade) -> Task<> { co_return; });
    return router;
}

std::string pattern_of(const Router& router, Method method, std::string_view path) {
    const auto match = router.match(method, path);
    return match.route == nullptr ? "" : match.route->pattern;
}

bool allows(const Router::Match& match, Method method) {
    return std::find(match.allowed.begin(), match.allowed.end(), method) != match.allowed.end();
}

}  // namespace

TEST_CASE("router: text wins over a parameter, in whatever order they were added", "[http][router]") {
    const auto router = make_router();
    CHECK(pattern_of(router, Method::get, "/user/all") == "/user/all");
    CHECK(pattern_of(router, Method::get, "/user/al") == "/user/:id");
    CHECK(pattern_of(router, Method::get, "/") == "/");
}

TEST_CASE("router: the method decides among patterns that match", "[http][router]") {
    const auto router = make_router();
    CHECK(pattern_of(router, Method::del, "/user/all") == "/user/:id");
    CHECK(pattern_of(router, Method::put, "/user/all").empty());
}

TEST_CASE("router: parameters are taken from the path", "[http][router]") {
    const auto router = make_router();
    const auto match = router.match(Method::post, "/user/a b/friends/:c");
    REQUIRE(match.route != nullptr);
    REQUIRE(match.parameters.size() == 2);
    CHECK(match.parameters[0] == std::pair<std::string, std::string>("id", "a b"));
    CHECK(match.parameters[1] == std::pair<std::string, std::string>("friend", ":c"));
}

TEST_CASE("router: what differs in a segment does not match", "[http][router]") {
    const auto router = make_router();
    for (const auto* path : {"/user", "/user/", "/user//friends/x", "/user/a/", "/users/a", "/USER/all", "",
                             "user/all", "/user/a/friends", "/user/a/friends/b/c"}) {
        INFO(path);
        CHECK(router.match(Method::get, path).route == nullptr);
        CHECK(router.match(Method::post, path).route == nullptr);
    }
    CHECK(router.match(Method::get, "/nowhere").allowed.empty());
}

TEST_CASE("router: a path's methods are told for 405 and OPTIONS", "[http][router]") {
    const auto router = make_router();
    const auto match = router.match(Method::patch, "/user/all");
    CHECK(match.route == nullptr);
    CHECK(match.allowed.size() == 4);
    CHECK(allows(match, Method::get));
    CHECK(allows(match, Method::head));
    CHECK(allows(match, Method::del));
    CHECK(allows(match, Method::options));
}

TEST_CASE("router: HEAD goes to the GET route", "[http][router]") {
    const auto router = make_router();
    CHECK(pattern_of(router, Method::head, "/user/all") == "/user/all");
    CHECK(pattern_of(router, Method::head, "/user/a/friends/b").empty());
}

TEST_CASE("router: upgrades have a table of their own", "[http][router]") {
    const auto router = make_router();
    CHECK(router.match_upgrade("/ws") != nullptr);
    CHECK(router.match_upgrade("/user/all") == nullptr);
    CHECK(router.match(Method::get, "/ws").route == nullptr);
}

TEST_CASE("router: a route that could never be reached is a mistake", "[http][router]") {
    auto router = make_router();
    const RouteOptions options;
    CHECK_THROWS_AS(router.add(Method::get, "/user/:name", options, answer), std::logic_error);
    CHECK_THROWS_AS(router.add(Method::get, "no-slash", options, answer), std::logic_error);
}
