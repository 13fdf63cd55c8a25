#include "http/message_parser.hpp"

#include "support/raw_requests.hpp"

#include <catch2/catch.hpp>

using namespace ping::http;
using State = MessageParser::State;

namespace {

const std::string chunked_head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Outcome {
    State state = State::incomplete;
    std::string body;
    std::string rest;
};

// Feeds `bytes` in pieces of `step`, as the session does.
Outcome parse(const std::string& bytes, std::size_t step, std::size_t limit = 64) {
    MessageParser parser(8192, limit);
    Outcome outcome;
    std::string buffer;
    // The session calls with the whole head first.
    std::size_t at = bytes.find("\r\n\r\n") + 4;
    buffer = bytes.substr(0, at);
    while (true) {
        std::size_t consumed = 0;
        outcome.state = parser.put(buffer, consumed);
        buffer.erase(0, consumed);
        if (outcome.state != State::incomplete || at >= bytes.size()) {
            break;
        }
        buffer += bytes.substr(at, step);
        at += step;
    }
    if (outcome.state == State::complete) {
        outcome.body = parser.take_body();
        outcome.rest = buffer + (at < bytes.size() ? bytes.substr(at) : "");
    }
    return outcome;
}

}  // namespace

TEST_CASE("body: chunks are joined however they arrive, and what follows is left", "[http][body]") {
    const std::string bytes =
        chunked_head + "5\r\nhello\r\n1;a=b\r\n \r\nA\r\n0123456789\r\n0\r\nX-T: y\r\n\r\nGET /next";
    for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
        const auto outcome = parse(bytes, step);
        INFO(step);
        REQUIRE(outcome.state == State::complete);
        CHECK(outcome.body == "hello 0123456789");
        CHECK(outcome.rest == "GET /next");
    }
}

TEST_CASE("body: a length is read to the byte", "[http][body]") {
    const auto outcome = parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /", 2);
    REQUIRE(outcome.state == State::complete);
    CHECK(outcome.body == "hello");
    CHECK(outcome.rest == "GET /");
}

TEST_CASE("T35: a chunked body at the limit passes, one byte more is too large", "[http][body]") {
    CHECK(parse(chunked_head + "4\r\nabcd\r\n0\r\n\r\n", 3, 4).state == State::complete);
    CHECK(parse(chunked_head + "5\r\nabcde\r\n0\r\n\r\n", 3, 4).state == State::too_large);
    CHECK(parse(chunked_head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 3, 4).state == State::too_large);
    CHECK(parse(chunked_head + "ffffffffffffffff\r\n", 3, 4).state == State::too_large);
}

TEST_CASE("T33: malformed chunks are refused", "[http][body]") {
    for (const auto& [name, chunks] : ping::test::bad_chunks()) {
        for (const std::size_t step : {1U, 1000U}) {
            INFO(name << " by " << step);
            const auto state = parse(chunked_head + chunks, step).state;
            CHECK((state == State::malformed || state == State::too_large));
        }
    }
}

TEST_CASE("T35: the wrapping of chunks is bounded like the body", "[http][body]") {
    std::string bytes = chunked_head;
    for (int i = 0; i < 10; ++i) {
        bytes += "1;" + std::string(2000, 'x') + "\r\na\r\n";
    }
    CHECK(parse(bytes + "0\r\n\r\n", 4096).state == State::malformed);
}
