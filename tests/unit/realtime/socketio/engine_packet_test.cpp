#include "ping/realtime/socketio/engine_packet.hpp"

#include "support/catch_result.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::realtime::socketio;

namespace {

std::string again(const std::vector<EnginePacket>& packets) {
    std::string payload;
    for (const auto& packet : packets) {
        append_to_payload(payload, packet);
    }
    return payload;
}

}  // namespace

TEST_CASE("engine packet: the digit is the type, the rest the data", "[socketio]") {
    const auto probe = parse_engine_packet("2probe");
    REQUIRE(probe);
    CHECK(probe->type == EngineType::ping);
    CHECK(probe->data == "probe");
    const auto noop = parse_engine_packet("6");
    REQUIRE(noop);
    CHECK(noop->type == EngineType::noop);
    CHECK(noop->data.empty());
    for (const auto* const bad : {"", "7", "abc", " 4", "-1", "b", "\xC3\xA4"}) {
        INFO(bad);
        CHECK_FALSE(parse_engine_packet(bad));
    }
}

TEST_CASE("engine payload: texts and bytes come in order and go out as they came", "[socketio]") {
    const std::string wire =
        "4hello\x1e"
        "bAQIDBA==\x1e"
        "3\x1e"
        "4\xC3\xA4\x1e"
        "bHg==";
    auto body = wire;
    const auto packets = parse_payload(body);
    REQUIRE(packets);
    REQUIRE(packets->size() == 5);
    CHECK((*packets)[0].data == "hello");
    CHECK((*packets)[1].is_binary);
    CHECK((*packets)[1].data == "\x01\x02\x03\x04");
    CHECK((*packets)[2].type == EngineType::pong);
    CHECK((*packets)[3].data == "\xC3\xA4");
    CHECK((*packets)[4].data == "\x1e");  // bytes that look like a separator separate nothing
    CHECK(again(*packets) == wire);
}

TEST_CASE("T40: a polling body that is malformed anywhere is refused whole", "[socketio][T40]") {
    for (const std::string bad : {"", "abc", "\x1e", "4a\x1e",
                                  "\x1e"
                                  "4a",
                                  "4a\x1e\x1e"
                                  "4b",
                                  "bAQIDBA", "b====", "bA-_B",
                                  "4a\x1e"
                                  "7",
                                  "4\xff", "4\xed\xa0\x80"}) {
        INFO(bad);
        auto body = bad;
        CHECK_FALSE(parse_payload(body));
    }
}

TEST_CASE("T40: a polling body holds at most 100 packets", "[socketio][T40]") {
    const auto body_of = [](int count) {
        std::string body = "3";
        for (int i = 1; i < count; ++i) {
            body +=
                "\x1e"
                "3";
        }
        return body;
    };
    auto most = body_of(100);
    const auto packets = parse_payload(most);
    REQUIRE(packets);
    CHECK(packets->size() == 100);
    auto too_many = body_of(101);
    CHECK_FALSE(parse_payload(too_many));
    std::string separators(1'000'000, '\x1e');
    CHECK_FALSE(parse_payload(separators));
}
