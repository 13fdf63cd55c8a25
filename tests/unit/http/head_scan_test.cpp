#include "http/head_scan.hpp"

#include "support/raw_requests.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::http;

namespace {

// What the server does with these bytes: 200 goes on, 0 waits for more, else the status of the refusal.
int verdict(std::string_view received) {
    const Config::Limits limits;
    HeadFinder finder;
    const auto state = finder.look(received);
    if (state == HeadFinder::State::malformed) {
        return 400;
    }
    if (state == HeadFinder::State::incomplete) {
        const auto refused = head_too_long(received, limits);
        return refused ? refused->status : 0;
    }
    const auto head = scan_head(received.substr(0, finder.length()), limits);
    return head ? 200 : head.error().status;
}

std::string head_of_size(std::size_t size) {
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
    return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
}

}  // namespace

TEST_CASE("T33: every head that two parsers could read in two ways is refused", "[http][head]") {
    const auto heads = test::bad_heads();
    CHECK(heads.size() >= 80);
    for (const auto& [name, bytes, status] : heads) {
        INFO(name);
        CHECK(verdict(bytes) == status);
    }
}

TEST_CASE("T33: a refused head is refused whatever comes behind it", "[http][head]") {
    for (const auto& [name, bytes, status] : test::bad_heads()) {
        INFO(name);
        CHECK(verdict(bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n") == status);
    }
}

TEST_CASE("good heads pass", "[http][head]") {
    const std::vector<std::string> heads{
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET /a?b=c&d=%20 HTTP/1.1\r\nHost: a:8080\r\n\r\n",
        "GET /'\"<>|{}^`\\ HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "OPTIONS /a HTTP/1.1\r\nhost:a\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\ntransfer-encoding:chunked\t \r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\t a \t\r\nA:\r\nB: \xC3\xA4\tc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n",
    };
    for (const auto& head : heads) {
        INFO(head);
        CHECK(verdict(head) == 200);
    }
}

TEST_CASE("a head is taken apart", "[http][head]") {
    const std::string text =
        "POST /a?b HTTP/1.0\r\nHost: a\r\nContent-Length:  12 \r\nX-Empty:\r\nx-Twice: 1\r\nX-TWICE: "
        "2\r\n\r\n";
    const auto head = scan_head(text, Config::Limits());
    REQUIRE(head.has_value());
    CHECK(head->method == "POST");
    CHECK(head->target == "/a?b");
    CHECK(head->minor_version == 0);
    CHECK(head->content_length == 12U);
    CHECK_FALSE(head->is_chunked);
    CHECK(head->fields.size() == 5);
    CHECK(head->field("x-twice") == "1");
    CHECK(head->field("x-empty").empty());
    CHECK(head->field("absent").empty());
}

TEST_CASE("T35: a head at the limit passes, one byte more is 431", "[http][head]") {
    CHECK(verdict(head_of_size(8192)) == 200);
    CHECK(verdict(head_of_size(8193)) == 431);
    // Also before its end has come.
    CHECK(verdict(head_of_size(9000).substr(0, 8192)) == 0);
    CHECK(verdict(head_of_size(9000).substr(0, 8193)) == 431);
}

TEST_CASE("T35: a target at the limit passes, one byte more is 414", "[http][head]") {
    const auto with_target = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(verdict(with_target(2048)) == 200);
    CHECK(verdict(with_target(2049)) == 414);
    CHECK(verdict(with_target(9000).substr(0, 8500)) == 414);
}

TEST_CASE("T35: 100 fields pass, 101 are 431", "[http][head]") {
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 99; ++i) {
        head += "A: b\r\n";
    }
    CHECK(verdict(head + "\r\n") == 200);
    CHECK(verdict(head + "A: b\r\n\r\n") == 431);
}

TEST_CASE("a head is found however its bytes arrive", "[http][head]") {
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string received = head + "GET /next";
    HeadFinder finder;
    for (std::size_t size = 1; size < head.size(); ++size) {
        REQUIRE(finder.look(received.substr(0, size)) == HeadFinder::State::incomplete);
    }
    CHECK(finder.look(received) == HeadFinder::State::complete);
    CHECK(finder.length() == head.size());
}

TEST_CASE("T33: a malformed byte is found as soon as it comes", "[http][head]") {
    HeadFinder finder;
    CHECK(finder.look("GET / HTTP/1.1\r") == HeadFinder::State::incomplete);
    CHECK(finder.look("GET / HTTP/1.1\rH") == HeadFinder::State::malformed);
    HeadFinder other;
    CHECK(other.look("\x16") == HeadFinder::State::malformed);
}
