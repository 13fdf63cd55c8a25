#include "http/network.hpp"

#include <catch2/catch.hpp>

using namespace ping::http;

namespace {

Address address(const char* text) {
    return boost::asio::ip::make_address(text);
}

bool contains(const char* block, const char* text) {
    const auto network = Network::parse(block);
    REQUIRE(network.has_value());
    return network->contains(address(text));
}

}  // namespace

TEST_CASE("network: blocks contain what has their prefix", "[http][network]") {
    CHECK(contains("10.0.0.0/8", "10.255.1.2"));
    CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    CHECK(contains("192.0.2.128/25", "192.0.2.200"));
    CHECK_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
    CHECK(contains("0.0.0.0/0", "203.0.113.9"));
    CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    CHECK(contains("127.0.0.1", "127.0.0.1"));
    CHECK_FALSE(contains("127.0.0.1", "127.0.0.2"));
    CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(contains("::/0", "2001:db8::1"));
    CHECK(contains("::1", "::1"));
    CHECK(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
}

TEST_CASE("network: what is no block is refused", "[http][network]") {
    for (const auto* text :
         {"", "10.0.0.0/33", "::/129", "10.0.0/8", "a/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x"}) {
        INFO(text);
        CHECK(Network::parse(text).has_error());
    }
}

TEST_CASE("network: limits count an IPv4 address, and all of an IPv6 /64 as one", "[http][network]") {
    CHECK(subscriber_of(address("192.0.2.1")) == address("192.0.2.1"));
    CHECK(subscriber_of(address("::ffff:192.0.2.1")) == address("192.0.2.1"));
    CHECK(subscriber_of(address("2001:db8:1:2:3:4:5:6")) == address("2001:db8:1:2::"));
    CHECK(subscriber_of(address("fe80::1%3")) == address("fe80::"));
}

TEST_CASE("network: listening addresses", "[http][network]") {
    CHECK(to_text(*parse_listen_address("127.0.0.1:8080")) == "127.0.0.1:8080");
    CHECK(to_text(*parse_listen_address("[::1]:0")) == "[::1]:0");
    CHECK(to_text(*parse_listen_address("localhost:80")) == "127.0.0.1:80");
    for (const auto* text : {"", "127.0.0.1", "127.0.0.1:", ":8080", "::1:8080", "[::1]", "[127.0.0.1]:1",
                             "a:1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x"}) {
        INFO(text);
        CHECK(parse_listen_address(text).has_error());
    }
}
