#include "ping/realtime/socketio/packet.hpp"

#include "support/catch_result.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::realtime::socketio;

namespace {

std::optional<Packet> decode(std::string_view text, PacketLimits limits = {}) {
    PacketDecoder decoder(limits);
    auto packet = decoder.text(text);
    if (!packet || !*packet) {
        return std::nullopt;
    }
    return **packet;
}

bool is_refused(std::string_view text) {
    PacketDecoder decoder;
    return !decoder.text(text);
}

/// What another decoder would be sent: the encoded packet without the engine's digit.
std::string encode(const Packet& packet) {
    return encode_packet(packet).substr(1);
}

}  // namespace

TEST_CASE("packet: connect, with and without namespace and payload", "[socketio]") {
    const auto plain = decode("0");
    REQUIRE(plain);
    CHECK(plain->type == PacketType::connect);
    CHECK(plain->nsp == "/");
    CHECK(plain->payload.empty());
    CHECK(decode(R"(0{"token":"123"})")->payload == R"({"token":"123"})");
    CHECK(decode("0/random")->nsp == "/random");  // no comma
    const auto custom = decode(R"(0/custom,{"token":"abc"})");
    REQUIRE(custom);
    CHECK(custom->nsp == "/custom");
    CHECK(custom->payload == R"({"token":"abc"})");
    for (const auto* const bad : {"0[]", "01", "0null", R"(0"x")", "0{", "0/custom,1", "0{}{}"}) {
        INFO(bad);
        CHECK(is_refused(bad));
    }
}

TEST_CASE("packet: an event's arguments keep their text, key order, numbers and escapes", "[socketio]") {
    const std::string arguments =
        R"(1,"2",{"z":1.50,"a":[1e3,123456789012345678901234567890,-0],"\u00e4":"\/"})";
    const auto packet = decode(R"(2["message",)" + arguments + "]");
    REQUIRE(packet);
    CHECK(packet->event == "message");
    CHECK(packet->payload == arguments);
    CHECK(encode_packet(*packet) == R"(42["message",)" + arguments + "]");
    CHECK(decode(R"(2["a\"b\u0041\\",1])")->event == "a\"bA\\");
    CHECK(decode(R"(2["none"])")->payload.empty());
    CHECK(encode(*decode(R"(2["none"])")) == R"(2["none"])");
    CHECK(decode("2[12,3]")->event == "12");
    CHECK(decode(" \n2") == std::nullopt);
    CHECK(decode("2 [ \"a\" , 1 , 2 ] ")->payload == "1 , 2");
    CHECK(decode(R"(2/custom,7["a"])")->nsp == "/custom");
    CHECK(decode(R"(2/custom,7["a"])")->id == 7U);
}

TEST_CASE("packet: an acknowledgement has an id and an array", "[socketio]") {
    const auto ack = decode(R"(3456[1,"2",{"3":[false]}])");
    REQUIRE(ack);
    CHECK(ack->type == PacketType::ack);
    CHECK(ack->id == 456U);
    CHECK(ack->payload == R"(1,"2",{"3":[false]})");
    CHECK(encode_packet(*ack) == R"(43456[1,"2",{"3":[false]}])");
    CHECK(decode("37[]")->payload.empty());
    CHECK(decode("318446744073709551615[]")->id == ~std::uint64_t{0});
    for (const auto* const bad : {"3[]", "31", "31{}", "3abc[]", "318446744073709551616[]", "3-1[]"}) {
        INFO(bad);
        CHECK(is_refused(bad));
    }
}

TEST_CASE("packet: attachments follow their packet, in order", "[socketio]") {
    PacketDecoder decoder;
    const std::string text = R"(52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
    const auto none = decoder.text(text);
    REQUIRE(none);
    CHECK_FALSE(*none);
    const auto still_none = decoder.binary("\x01\x02");
    REQUIRE(still_none);
    CHECK_FALSE(*still_none);
    const auto whole = decoder.binary("\x03");
    REQUIRE(whole);
    REQUIRE(*whole);
    CHECK((*whole)->attachments == std::vector<std::string>{"\x01\x02", "\x03"});
    CHECK(encode(**whole) == text);

    PacketDecoder acks;
    REQUIRE(acks.text(R"(61-789[{"_placeholder":true,"num":0}])"));
    const auto ack = acks.binary("x");
    REQUIRE(ack);
    CHECK((*ack)->id == 789U);
    CHECK(encode(**ack) == R"(61-789[{"_placeholder":true,"num":0}])");
    CHECK(decode(R"(50-["a"])"));  // no attachment announced: complete at once
}

TEST_CASE("packet: text and bytes come only where they are due", "[socketio]") {
    PacketDecoder idle;
    CHECK_FALSE(idle.binary("x"));
    PacketDecoder waiting;
    REQUIRE(waiting.text(R"(51-["a",{"_placeholder":true,"num":0}])"));
    CHECK_FALSE(waiting.text(R"(2["b"])"));
}

TEST_CASE("T40: a packet announces at most 10 attachments", "[socketio][T40]") {
    PacketDecoder decoder;
    CHECK(decoder.text(R"(510-["a"])"));
    for (const auto* const bad : {R"(511-["a"])", R"(599999999999999999999-["a"])", R"(5["a"])", R"(5-["a"])",
                                  R"(51["a"])", R"(5-1-["a"])", R"(5a-["a"])"}) {
        INFO(bad);
        CHECK(is_refused(bad));
    }
}

TEST_CASE("T40: a placeholder names an attachment that comes", "[socketio][T40]") {
    for (const auto* const bad :
         {R"(51-["a",{"_placeholder":true,"num":1}])", R"(51-["a",{"_placeholder":true}])",
          R"(51-["a",{"_placeholder":true,"num":-1}])", R"(51-["a",{"_placeholder":true,"num":"splice"}])",
          R"(51-["a",{"_placeholder":true,"num":0.5}])", R"(51-["a",{"num":[0],"_placeholder":true}])",
          R"(51-["a",{"x":{"_placeholder":true,"num":{"num":0}}}])",
          R"(61-7[{"_placeholder":true,"num":18446744073709551615}])"}) {
        INFO(bad);
        CHECK(is_refused(bad));
    }
    PacketDecoder decoder;
    CHECK(decoder.text(R"(51-["a",{"num":0,"_placeholder":true},{"_placeholder":false,"num":9}])"));
    // In a packet of texts it is an object like any other.
    CHECK(decode(R"(2["a",{"_placeholder":true,"num":5}])"));
}

TEST_CASE("T40: an event's name is a string or a number and not reserved", "[socketio][T40]") {
    for (const auto* const bad :
         {"2[]", "2{}", "2", "2null", R"(2"a")", "2[null]", "2[true,1]", R"(2[{"toString":"foo"}])",
          R"(2[["a"]])", R"(2["connect"])", R"(2["connect_error"])", R"(2["disconnect"])",
          R"(2["disconnecting"])", R"(2["newListener"])", R"(2["removeListener"])", R"(2["\u0063onnect"])",
          R"(50-["disconnect"])"}) {
        INFO(bad);
        CHECK(is_refused(bad));
    }
}

TEST_CASE("packet: what no client may send is refused", "[socketio]") {
    for (const auto* const bad :
         {"", "7", "abc", R"(4{"message":"x"})", "4/custom,", "1{}", "11", "1/custom,[]", R"(2abc["a"])",
          R"(2["a")", R"(2["a"]])", R"(2["a"]x)", R"(2['a'])", "2[\"\xff\"]", "2[\"a\",01]", "2[\"a\",]"}) {
        INFO(bad);
        CHECK(is_refused(bad));
    }
    CHECK(decode("1")->type == PacketType::disconnect);
    CHECK(decode("1/custom,")->nsp == "/custom");
}

TEST_CASE("T38: depth, keys and size of a packet are bounded", "[socketio][T38]") {
    const auto nested = [](int depth) {
        return R"(2["a",)" + std::string(depth, '[') + std::string(depth, ']') + "]";
    };
    CHECK_FALSE(is_refused(nested(15)));
    CHECK(is_refused(nested(16)));
    CHECK(is_refused("2" + std::string(100'000, '[')));

    const auto with_keys = [](int count) {
        std::string text = R"(2["a",{"0":0)";
        for (int i = 1; i < count; ++i) {
            text += ",\"" + std::to_string(i) + "\":0";
        }
        return text + "}]";
    };
    CHECK_FALSE(is_refused(with_keys(256)));
    CHECK(is_refused(with_keys(257)));

    PacketLimits limits;
    limits.bytes = 19;
    CHECK(decode(R"(2["a","0123456789"])", limits));
    CHECK_FALSE(decode(R"(2["a","0123456789x"])", limits));
    PacketDecoder decoder(limits);
    REQUIRE(decoder.text(R"(52-["a"])"));
    REQUIRE(decoder.binary("0123456789"));
    CHECK_FALSE(decoder.binary("xx"));
    CHECK(is_refused("0/" + std::string(200, 'n')));
}
