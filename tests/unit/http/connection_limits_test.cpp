#include "http/connection_limits.hpp"

#include <catch2/catch.hpp>

using namespace ping::http;

namespace {

Address address(const char* text) {
    return boost::asio::ip::make_address(text);
}

}  // namespace

TEST_CASE("T42: places of an address come to an end and come back", "[http][limits]") {
    ConnectionLimits limits(100, 2);
    auto first = limits.take_place_of(address("192.0.2.1"));
    const auto second = limits.take_place_of(address("192.0.2.1"));
    REQUIRE(first != nullptr);
    REQUIRE(second != nullptr);
    CHECK(limits.take_place_of(address("192.0.2.1")) == nullptr);
    CHECK(limits.take_place_of(address("::ffff:192.0.2.1")) == nullptr);
    CHECK(limits.take_place_of(address("192.0.2.2")) != nullptr);
    first.reset();
    CHECK(limits.take_place_of(address("192.0.2.1")) != nullptr);
}

TEST_CASE("T42: a /64 of IPv6 counts as one address", "[http][limits]") {
    ConnectionLimits limits(100, 1);
    const auto place = limits.take_place_of(address("2001:db8:0:1::1"));
    CHECK(limits.take_place_of(address("2001:db8:0:1:ffff::9")) == nullptr);
    CHECK(limits.take_place_of(address("2001:db8:0:2::1")) != nullptr);
}

TEST_CASE("T42: 0 turns the limit per address off", "[http][limits]") {
    ConnectionLimits limits(100, 0);
    std::vector<ping::http::ConnectionSlot> places;
    for (int i = 0; i < 1000; ++i) {
        places.push_back(limits.take_place_of(address("192.0.2.1")));
        REQUIRE(places.back() != nullptr);
    }
}

TEST_CASE("T42: places of all come to an end, and outlive the limits", "[http][limits]") {
    ConnectionSlot kept;
    {
        ConnectionLimits limits(1, 0);
        kept = limits.take_place();
        CHECK(limits.take_place() == nullptr);
        CHECK(limits.open() == 1);
        kept.reset();
        CHECK(limits.open() == 0);
        kept = limits.take_place();
    }
    kept.reset();
}

TEST_CASE("T42: the limit of all stays below the limit of files", "[http][limits]") {
    CHECK(ConnectionLimits::below_file_limit(5) == 5);
    CHECK(ConnectionLimits::below_file_limit(2'000'000'000) < 2'000'000'000);
}
