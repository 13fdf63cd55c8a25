#include "http/middleware/auth.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::http;

namespace {

Task<Result<Identity>> check_token(std::string_view token) {
    if (token == "old") {
        co_return errors::unauthenticated("Please Login - Session expired");
    }
    if (token != "good") {
        co_return errors::unauthenticated("Please Login - JWT error");
    }
    co_return Identity();
}

struct Fixture {
    test::FakeClock clock;
    Loop loop{clock};
    Origins origins{Config::Server()};
    Authenticate check = check_token;

    // The error's message, or nothing when the request is let in.
    std::string refusal(Request& request) {
        const auto start = [&] { return authenticate(check, origins, "ping_session", request); };
        const auto result = test::run_coro<Result<void>>(loop, start);
        return result ? "" : result.error().message;
    }
    std::string refusal_of(const std::string& authorization) {
        Request request;
        request.headers = {{"Authorization", authorization}};
        return refusal(request);
    }
};

Request with_cookie(Method method, const std::string& origin) {
    Request request;
    request.method = method;
    request.headers = {{"Host", "a"}, {"Cookie", "ping_session=good"}};
    if (!origin.empty()) {
        request.headers.emplace_back("Origin", origin);
    }
    return request;
}

}  // namespace

TEST_CASE("auth: a bearer token is checked", "[http][auth]") {
    Fixture fixture;
    CHECK(fixture.refusal_of("Bearer good").empty());
    CHECK(fixture.refusal_of("bearer  good").empty());
    CHECK(fixture.refusal_of("Bearer bad") == "Please Login - JWT error");
    CHECK(fixture.refusal_of("Bearer old") == "Please Login - Session expired");
    CHECK(fixture.refusal_of("Bearer ") == "Please Login - JWT error");
    CHECK(fixture.refusal_of("Bearer") == "Please Login - JWT error");
}

TEST_CASE("auth: without a token the answer says so", "[http][auth]") {
    Fixture fixture;
    Request request;
    CHECK(fixture.refusal(request) == "Please Login - No auth header");
    CHECK(fixture.refusal_of("Basic Z29vZA==") == "Please Login - No auth header");
    CHECK(fixture.refusal_of("") == "Please Login - No auth header");
    CHECK_FALSE(request.identity.has_value());
}

TEST_CASE("auth: the cookie lets in, and says so", "[http][auth]") {
    Fixture fixture;
    auto request = with_cookie(Method::get, "");
    CHECK(fixture.refusal(request).empty());
    CHECK(request.identity.has_value());
    CHECK(request.by_cookie);
}

TEST_CASE("auth: with the cookie an unsafe method needs an allowed origin", "[http][auth]") {
    Fixture fixture;
    for (const auto method : {Method::post, Method::put, Method::patch, Method::del}) {
        auto own = with_cookie(method, "http://a");
        CHECK(fixture.refusal(own).empty());
        for (const std::string origin : {"", "null", "http://evil.com"}) {
            auto request = with_cookie(method, origin);
            CHECK(fixture.refusal(request) == "This origin is not allowed");
            CHECK_FALSE(request.identity.has_value());
        }
    }
}

TEST_CASE("auth: a bearer token wins over the cookie and needs no origin", "[http][auth]") {
    Fixture fixture;
    auto request = with_cookie(Method::post, "http://evil.com");
    request.headers.emplace_back("Authorization", "Bearer good");
    CHECK(fixture.refusal(request).empty());
    CHECK_FALSE(request.by_cookie);
    auto bad = with_cookie(Method::get, "");
    bad.headers.emplace_back("Authorization", "Bearer bad");
    CHECK(fixture.refusal(bad) == "Please Login - JWT error");
}

TEST_CASE("auth: the cookie's name says whether it needs https", "[http][auth]") {
    Config::Server config;
    CHECK(session_cookie(config) == "ping_session");
    config.public_url = "https://chat.example.com";
    CHECK(session_cookie(config) == "__Host-ping_session");
}
