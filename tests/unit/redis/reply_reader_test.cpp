#include "redis/reply_reader.hpp"

#include "support/catch_result.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace ping;
using redis::Reply;
using redis::ReplyReader;

namespace {

Reply read_one(std::string_view bytes) {
    ReplyReader reader;
    REQUIRE(reader.feed(bytes));
    const auto reply = reader.next();
    REQUIRE(reply);
    REQUIRE(*reply);
    const auto nothing = reader.next();
    REQUIRE(nothing);
    CHECK_FALSE(*nothing);
    return **reply;
}

bool is_refused(std::string_view bytes) {
    ReplyReader reader;
    return !reader.feed(bytes) || !reader.next();
}

}  // namespace

TEST_CASE("redis replies: every type of RESP2", "[redis]") {
    CHECK(read_one("+OK\r\n").text == "OK");
    CHECK(read_one(":-42\r\n").integer == -42);
    CHECK(read_one("*-1\r\n").kind == Reply::Kind::nil);
}

TEST_CASE("redis replies: texts hold any bytes", "[redis]") {
    const std::string text("a\r\n\0b", 5);
    const auto reply = read_one("$5\r\n" + text + "\r\n");
    CHECK(reply.kind == Reply::Kind::text);
    CHECK(reply.text == text);
    CHECK(read_one("$0\r\n\r\n").text.empty());
    CHECK(read_one("$-1\r\n").kind == Reply::Kind::nil);
}

TEST_CASE("redis replies: errors are told by their first word", "[redis]") {
    const auto reply = read_one("-NOSCRIPT No matching script.\r\n");
    CHECK(reply.is_error());
    CHECK(reply.is_error("NOSCRIPT"));
    CHECK_FALSE(reply.is_error("NO"));
    CHECK(read_one("-READONLY\r\n").is_error("READONLY"));
    CHECK(redis::to_error(read_one("-ERR wrong number of arguments\r\n")).code == ErrorCode::internal);
    for (const auto* const refusal :
         {"-LOADING data\r\n", "-OOM memory\r\n", "-READONLY\r\n", "-NOAUTH\r\n"}) {
        CHECK(redis::to_error(read_one(refusal)).code == ErrorCode::unavailable);
    }
}

TEST_CASE("redis replies: arrays within arrays, also in pieces of one byte", "[redis]") {
    const std::string wire = "*4\r\n:1\r\n$2\r\nab\r\n*2\r\n$-1\r\n-ERR x\r\n*0\r\n+next\r\n";
    ReplyReader reader;
    std::vector<Reply> replies;
    for (const char byte : wire) {
        REQUIRE(reader.feed(std::string_view(&byte, 1)));
        auto reply = reader.next();
        REQUIRE(reply);
        if (*reply) {
            replies.push_back(std::move(**reply));
        }
    }
    REQUIRE(replies.size() == 2);
    const auto& items = replies[0].items;
    REQUIRE(items.size() == 4);
    CHECK(items[0].integer == 1);
    CHECK(items[1].text == "ab");
    REQUIRE(items[2].items.size() == 2);
    CHECK(items[2].items[0].kind == Reply::Kind::nil);
    CHECK(items[2].items[1].is_error("ERR"));
    CHECK(items[3].kind == Reply::Kind::array);
    CHECK(replies[1].text == "next");
}

TEST_CASE("redis replies: what is no RESP2 or out of bounds is refused", "[redis]") {
    CHECK(is_refused("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(is_refused("%1\r\n+a\r\n+b\r\n"));
    CHECK(is_refused(":12x\r\n"));
    CHECK(is_refused("$-2\r\n"));
    CHECK(is_refused("*1001\r\n"));
    CHECK(is_refused("*2147483647\r\n"));
    CHECK(is_refused("*2\r\n*600\r\n" + std::string(600 * 5, ' ')));
    std::string nested;
    for (int i = 0; i < 20; ++i) {
        nested += "*1\r\n";
    }
    CHECK(is_refused(nested));

    // A text that never ends.
    ReplyReader reader;
    REQUIRE(reader.feed("$2000000000\r\n"));
    bool is_taken = true;
    std::size_t sent = 0;
    while (is_taken && sent < 2 * ReplyReader::most_bytes) {
        is_taken = reader.feed(std::string(64 * 1024, 'x')) && reader.next().has_value();
        sent += 64 * 1024;
    }
    CHECK_FALSE(is_taken);
    CHECK(sent <= ReplyReader::most_bytes + 64 * 1024);
}
