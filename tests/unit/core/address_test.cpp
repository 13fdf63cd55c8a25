#include "ping/core/address.hpp"

#include <catch2/catch.hpp>

using namespace ping;

TEST_CASE("address: a place to listen is an address or localhost, with a port", "[core]") {
    const auto v4 = parse_host_port("127.0.0.1:8080");
    REQUIRE(v4);
    CHECK(v4->host == "127.0.0.1");
    CHECK(v4->port == 8080);
    const auto v6 = parse_host_port("[::1]:0");
    REQUIRE(v6);
    CHECK(v6->host == "::1");
    CHECK(v6->port == 0);
    CHECK(parse_host_port("localhost:65535"));
    for (const auto* const bad :
         {"", ":", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x",
          "::1:80", "[127.0.0.1]:80", "[::1]", "example.org:80", "*:80"}) {
        INFO(bad);
        CHECK_FALSE(parse_host_port(bad));
    }
}

TEST_CASE("address: blocks have a prefix no longer than the address", "[core]") {
    for (const auto* const good : {"10.0.0.0/8", "10.0.0.1", "::1", "fd00::/8", "0.0.0.0/0", "::/128"}) {
        INFO(good);
        CHECK(is_ip_block(good));
    }
    for (const auto* const bad :
         {"", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "host/8"}) {
        INFO(bad);
        CHECK_FALSE(is_ip_block(bad));
    }
}

TEST_CASE("address: loopback is 127/8, ::1 and localhost", "[core]") {
    CHECK(is_loopback("127.0.0.1"));
    CHECK(is_loopback("127.9.9.9"));
    CHECK(is_loopback("::1"));
    CHECK(is_loopback("localhost"));
    CHECK_FALSE(is_loopback("0.0.0.0"));
    CHECK_FALSE(is_loopback("::"));
    CHECK_FALSE(is_loopback("127.evil.example"));
}
