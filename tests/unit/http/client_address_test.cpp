#include "http/middleware/client_address.hpp"

#include <catch2/catch.hpp>

using namespace ping::http;

namespace {

Request with_hops(std::vector<std::string> values) {
    Request request;
    for (auto& value : values) {
        request.headers.emplace_back("X-Forwarded-For", std::move(value));
    }
    return request;
}

std::string client_of(const char* peer, const Request& request) {
    const auto proxies = TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8", "::1"});
    REQUIRE(proxies.has_value());
    return proxies->client_of(boost::asio::ip::make_address(peer), request).to_string();
}

}  // namespace

TEST_CASE("T58: a direct peer's forwarding header changes nothing", "[http][proxy]") {
    CHECK(client_of("203.0.113.7", with_hops({"192.0.2.1"})) == "203.0.113.7");
    CHECK(client_of("127.0.0.2", with_hops({"192.0.2.1"})) == "127.0.0.2");
}

TEST_CASE("T58: behind a trusted proxy the right-most untrusted hop is the client", "[http][proxy]") {
    CHECK(client_of("127.0.0.1", with_hops({"192.0.2.1"})) == "192.0.2.1");
    CHECK(client_of("127.0.0.1", with_hops({"6.6.6.6, 192.0.2.1"})) == "192.0.2.1");
    CHECK(client_of("127.0.0.1", with_hops({"6.6.6.6, 192.0.2.1, 10.1.1.1"})) == "192.0.2.1");
    CHECK(client_of("127.0.0.1", with_hops({"6.6.6.6", "192.0.2.1 ,10.1.1.1"})) == "192.0.2.1");
    CHECK(client_of("::1", with_hops({"2001:db8::5"})) == "2001:db8::5");
    CHECK(client_of("10.9.9.9", with_hops({"192.0.2.1:4711"})) == "192.0.2.1");
    CHECK(client_of("10.9.9.9", with_hops({"[2001:db8::5]:4711"})) == "2001:db8::5");
    CHECK(client_of("::ffff:127.0.0.1", with_hops({"192.0.2.1"})) == "192.0.2.1");
}

TEST_CASE("T58: without a readable hop the nearest known address counts", "[http][proxy]") {
    CHECK(client_of("127.0.0.1", with_hops({})) == "127.0.0.1");
    CHECK(client_of("127.0.0.1", with_hops({"unknown"})) == "127.0.0.1");
    CHECK(client_of("127.0.0.1", with_hops({"6.6.6.6, rubbish, 10.1.1.1"})) == "10.1.1.1");
    CHECK(client_of("127.0.0.1", with_hops({""})) == "127.0.0.1");
    CHECK(client_of("127.0.0.1", with_hops({"[", "192.0.2.1,"})) == "127.0.0.1");
    CHECK(client_of("127.0.0.1", with_hops({"10.1.1.1, 10.1.1.2"})) == "10.1.1.1");
}

TEST_CASE("T58: a forwarding header is noticed, trusted or not", "[http][proxy]") {
    Request request;
    request.headers = {{"Accept", "x"}};
    CHECK_FALSE(has_forwarding_header(request));
    for (const auto* name : {"Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-FORWARDED-HOST"}) {
        request.headers = {{name, "x"}};
        CHECK(has_forwarding_header(request));
    }
}

TEST_CASE("proxy: a block that cannot be read is refused at the start", "[http][proxy]") {
    CHECK(TrustedProxies::parse({"10.0.0.0/8", "proxy.example"}).has_error());
}
