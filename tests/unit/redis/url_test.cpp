#include "ping/redis/options.hpp"
#include "support/catch_result.hpp"

#include <catch2/catch.hpp>

#include <string>

using ping::redis::parse_url;

TEST_CASE("redis url: host, port, user, password and database", "[redis]") {
    const auto plain = parse_url("redis://cache");
    REQUIRE(plain);
    CHECK(plain->host == "cache");
    CHECK(plain->port == "6379");
    CHECK(plain->user.empty());
    CHECK(plain->password.empty());
    CHECK(plain->database == 0);
    CHECK_FALSE(plain->is_tls);

    const auto full = parse_url("rediss://ping:p%40ss%2Fword@cache.example.org:6380/3");
    REQUIRE(full);
    CHECK(full->host == "cache.example.org");
    CHECK(full->port == "6380");
    CHECK(full->user == "ping");
    CHECK(full->password == "p@ss/word");
    CHECK(full->database == 3);
    CHECK(full->is_tls);

    const auto password_alone = parse_url("redis://:secret@127.0.0.1/");
    REQUIRE(password_alone);
    CHECK(password_alone->user.empty());
    CHECK(password_alone->password == "secret");

    const auto v6 = parse_url("redis://[::1]:7000");
    REQUIRE(v6);
    CHECK(v6->host == "::1");
}

TEST_CASE("redis url: what it is not is refused without showing it", "[redis]") {
    for (const std::string url :
         {"", "cache", "http://cache", "redis://", "redis://:6379", "redis://cache/x", "redis://cache/1/2",
          "redis://cache/-1", "redis://cache/99999999999", "redis://cache/0?ssl=1", "redis://cache#x",
          "redis://secret@cache", "redis+sentinel://a", "redis://cache:70000", "redis://cache:0"}) {
        CAPTURE(url);
        const auto parsed = parse_url(url);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().message.find("secret") == std::string::npos);
    }
}
