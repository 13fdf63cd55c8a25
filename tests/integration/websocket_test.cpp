#include "integration/two_people.hpp"
#include "support/raw_client.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::test::RawClient;
using ping::test::TwoPeople;
using ping::test::WsClient;

TEST_CASE("socket: hello comes first and says who and how", "[ws]") {
    TwoPeople two;
    WsClient client(two.app.address());
    client.send("auth", {{"token", two.ana.token}}, 7);
    const auto hello = client.receive();
    CHECK(hello.at("event") == "hello");
    CHECK(hello.at("data").at("userId") == boost::json::value(two.ana.id));
    CHECK(hello.at("data").at("limits").at("messageBytes") == 65536);
    CHECK(client.acknowledgement(7).at("data").at("userId") == boost::json::value(two.ana.id));
}

TEST_CASE("socket: the Authorization header is as good as the first frame", "[ws]") {
    TwoPeople two;
    WsClient client(two.app.address(), {{"Authorization", "Bearer " + two.ana.token}});
    CHECK(client.next("hello").at("userId") == boost::json::value(two.ana.id));
}

TEST_CASE("socket: a handshake with a large head, and frames sent right behind it", "[ws]") {
    TwoPeople two;
    WsClient client(two.app.address(), {{"Cookie", "other=" + std::string(6000, 'x')}});
    CHECK(client.log_in(two.ana.token).at("userId") == boost::json::value(two.ana.id));

    const std::string head = "GET /api/v1/ws HTTP/1.1\r\nHost: " + two.app.address() +
                             "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " +
                             two.ana.token + "\r\n\r\n";
    // Masked with zeros, so the text stands in the frame as it is.
    const std::string text = R"({"event":"none","ack":77})";
    std::string frames;
    for (int i = 0; i < 40; ++i) {
        frames += std::string("\x81") + static_cast<char>(0x80U | text.size()) + std::string(4, '\0') + text;
    }
    ping::test::RawClient raw(two.app.address());
    const std::string close_frame("\x88\x80\0\0\0\0", 6);
    REQUIRE(raw.send(head + frames + close_frame));
    const auto received = raw.read_all();
    std::size_t answers = 0;
    for (auto at = received.find("\"ack\":77"); at != std::string::npos;
         at = received.find("\"ack\":77", at + 1)) {
        ++answers;
    }
    CHECK(answers == 40);
}

TEST_CASE("socket: what a handshake lists may stand on several lines", "[ws]") {
    TwoPeople two;
    RawClient client(two.app.address());
    client.send("GET /api/v1/ws HTTP/1.1\r\nHost: " + two.app.address() +
                "\r\nConnection: keep-alive\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == 101);
}

TEST_CASE("socket: a handshake that is none is refused in JSON", "[ws]") {
    TwoPeople two;
    const auto upgrade = [&](std::map<std::string, std::string> headers) {
        headers.insert({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}});
        return two.app.client().request("GET", "/api/v1/ws", headers, "");
    };
    const auto no_version = upgrade({{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
    CHECK(no_version.status == 426);
    CHECK_FALSE(no_version.message().empty());
    const auto short_key = upgrade({{"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "x"}});
    CHECK(short_key.status == 400);
    CHECK(short_key.headers.contains("x-request-id"));
}

TEST_CASE("socket: the session cookie counts only with an allowed Origin", "[ws]") {
    TwoPeople two;
    const std::string cookie = "ping_session=" + two.ana.token;
    SECTION("own origin") {
        WsClient client(two.app.address(), {{"Cookie", cookie}, {"Origin", "http://" + two.app.address()}});
        CHECK(client.next("hello").at("userId") == boost::json::value(two.ana.id));
    }
    SECTION("no origin: the cookie does not count") {
        WsClient client(two.app.address(), {{"Cookie", cookie}});
        two.app.advance(6s);
        CHECK(client.wait_for_close() == 4401);
    }
    SECTION("a foreign origin is refused before the upgrade") {
        CHECK_THROWS(WsClient(two.app.address(), {{"Cookie", cookie}, {"Origin", "http://evil.example"}}));
    }
}

TEST_CASE("socket: with an https address only the __Host- cookie counts", "[ws]") {
    const std::string origin = "https://chat.example.com";
    TwoPeople two([&](ping::Config& config) { config.server.public_url = origin; });
    SECTION("the cookie that only this host can set") {
        WsClient client(two.app.address(),
                        {{"Cookie", "__Host-ping_session=" + two.ana.token}, {"Origin", origin}});
        CHECK(client.next("hello").at("userId") == boost::json::value(two.ana.id));
    }
    SECTION("the plain one, which a sibling host can set") {
        WsClient client(two.app.address(), {{"Cookie", "ping_session=" + two.ana.token}, {"Origin", origin}});
        two.app.advance(6s);
        CHECK(client.wait_for_close() == 4401);
    }
}

TEST_CASE("socket: who does not say who they are within 5 s is closed", "[ws]") {
    TwoPeople two;
    WsClient silent(two.app.address());
    two.app.advance(6s);
    CHECK(silent.wait_for_close() == 4401);
    WsClient wrong(two.app.address());
    wrong.send("auth", {{"token", "nonsense"}});
    CHECK(wrong.wait_for_close() == 4401);
    WsClient other(two.app.address());
    other.send("sendMessage", {{"chatId", two.chat}, {"text", "x"}}, 1);
    CHECK(other.wait_for_close() == 4401);
}

TEST_CASE("socket: a message sent by socket reaches every connection of both once", "[ws]") {
    TwoPeople two;
    auto ana_phone = two.connect(two.ana);
    auto ana_laptop = two.connect(two.ana);
    auto bo_phone = two.connect(two.bo);
    ana_phone.send("sendMessage", {{"chatId", two.chat}, {"text", "one"}}, 1);
    const auto acknowledged = ana_phone.acknowledgement(1);
    const auto id = acknowledged.at("data").at("message").at("_id");
    REQUIRE(two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "two"}}).status == 201);
    for (auto* const client : {&ana_laptop, &bo_phone}) {
        const auto first = client->next("newMessage");
        CHECK(first.at("_id") == boost::json::value(id));
        CHECK(first.at("text") == "one");
        CHECK(client->next("newMessage").at("text") == "two");
    }
    CHECK(ana_phone.next("newMessage").at("text") == "two");
}

TEST_CASE("socket: reading moves the author's ticks and the reader's unread count", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    ana.send("sendMessage", {{"chatId", two.chat}, {"text", "one"}}, 1);
    const auto message = bo.next("newMessage");
    bo.send("seen", {{"chatId", two.chat}, {"seq", 1}}, 2);
    CHECK(bo.next("unread").at("unseenCount") == 0);
    const auto seen = ana.next("messagesSeen");
    CHECK(seen.at("seenBy") == boost::json::value(two.bo.id));
    CHECK(seen.at("messageIds").at(0) == message.at("_id"));
}

TEST_CASE("socket: events in one connection keep their order", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    constexpr int count = 200;
    for (int i = 0; i < count; ++i) {
        ana.send("sendMessage", {{"chatId", two.chat}, {"text", std::to_string(i)}}, i);
    }
    for (int i = 0; i < count; ++i) {
        const auto message = bo.next("newMessage");
        REQUIRE(message.at("text") == boost::json::value(std::to_string(i)));
        REQUIRE(message.at("seq") == i + 1);
    }
}

TEST_CASE("socket: bad frames are answered, changed nothing, and end the connection when they go on",
          "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    const std::vector<std::string> bad{"nonsense", "[]", "{}", R"({"event":5})",
                                       R"({"event":"seen","ack":-1})"};
    for (const auto& text : bad) {
        ana.send_text(text);
        CHECK(ana.next("error").at("code").is_string());
    }
    ana.send("noSuchEvent", nullptr, 3);
    CHECK(ana.acknowledgement(3).at("error").at("code") == "unknown_event");
    ana.send("sendMessage", "text", 4);
    CHECK(ana.acknowledgement(4).at("error").at("code") == "bad_data");
    ana.send("sendMessage", {{"chatId", two.chat}}, 5);
    CHECK(ana.acknowledgement(5).at("error").at("message") == "Either text or image is required");
    const auto eve = two.app.log_in("eve@example.com");
    auto stranger = two.connect(eve);
    stranger.send("sendMessage", {{"chatId", two.chat}, {"text", "x"}}, 6);
    CHECK(stranger.acknowledgement(6).at("error").at("code") == "forbidden");
    for (int i = 0; i < 5; ++i) {
        ana.send_text("nonsense");
    }
    CHECK(ana.wait_for_close() == 1008);
    CHECK(two.ana.api.get("/api/v1/message/" + two.chat).json.at("messages").as_array().empty());
}

TEST_CASE("T35: a socket message of exactly the limit passes, one byte more closes with 1009", "[ws][T35]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    const std::string head = R"({"event":"none","ack":1,"data":")";
    ana.send_text(head + std::string(65536 - head.size() - 2, 'x') + R"("})");
    CHECK(ana.acknowledgement(1).at("error").at("code") == "unknown_event");
    ana.send_text(head + std::string(65536 - head.size() - 1, 'x') + R"("})");
    CHECK(ana.wait_for_close() == 1009);
}

TEST_CASE("T39: invalid UTF-8 on a socket closes with 1007, a binary frame with 1008", "[ws][T39]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    const auto bytes =
        GENERATE(as<std::string>(), "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82");
    ana.send_text("{\"event\":\"" + bytes + "\"}");
    CHECK(ana.wait_for_close() == 1007);
    auto bo = two.connect(two.bo);
    bo.send_binary("{}");
    CHECK(bo.wait_for_close() == 1008);
}

TEST_CASE("T38: deep, wide and doubled JSON on a socket is refused and the connection lives", "[ws][T38]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    const std::string deep =
        R"({"event":"x","data":)" + std::string(10000, '[') + std::string(10000, ']') + "}";
    for (const auto& text :
         {deep, std::string(R"({"event":"x","event":"y"})"), std::string(R"({"event":"x","data":1e400})")}) {
        ana.send_text(text);
        CHECK(ana.next("error").at("code").is_string());
    }
    ana.send("seen", {{"chatId", two.chat}, {"seq", 0}}, 9);
    CHECK(ana.acknowledgement(9).at("data").at("readSeq") == 0);
}

TEST_CASE("T42: a user has at most so many sockets", "[ws][T42]") {
    TwoPeople two([](ping::Config& config) { config.limits.per_user = 3; });
    std::vector<WsClient> open;
    for (int i = 0; i < 3; ++i) {
        open.push_back(two.connect(two.ana));
    }
    WsClient fourth(two.app.address());
    fourth.send("auth", {{"token", two.ana.token}});
    CHECK(fourth.wait_for_close() == 4429);
    auto other = two.connect(two.bo);
    open.back().close();
    open.pop_back();
    auto again = two.connect(two.ana);
    other.send("sendMessage", {{"chatId", two.chat}, {"text", "all"}}, 1);
    CHECK(again.next("newMessage").at("text") == "all");
}

TEST_CASE("socket: who does not answer pings for 20 s is cut off", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    // The client answers pings only while it reads; here it does not.
    two.app.advance(11s);
    two.app.advance(11s);
    CHECK(ana.wait_for_close() == 0);
}

TEST_CASE("socket: who answers pings stays", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    for (int i = 0; i < 5; ++i) {
        two.app.advance(10s);
        ana.send("seen", {{"chatId", two.chat}, {"seq", 0}}, i);  // reading the answer also answers the ping
        CHECK(ana.acknowledgement(i).at("data").at("readSeq") == 0);
    }
}

TEST_CASE("socket: a reader that is too slow is closed with 4408 and nobody else notices", "[ws]") {
    TwoPeople two([](ping::Config& config) {
        config.limits.outbox_bytes = 64 * 1024;
        config.limits.outbox_frames = 64;
    });
    auto slow = two.connect(two.bo);
    auto ana = two.connect(two.ana);
    const std::string text(3900, 'x');
    bool is_closed = false;
    // The kernel's buffers take some megabytes first.
    for (int i = 0; i < 4000 && !is_closed; ++i) {
        ana.send("sendMessage", {{"chatId", two.chat}, {"text", text}}, i);
        REQUIRE(ana.acknowledgement(i).at("data").at("message").at("seq") == i + 1);
        is_closed = i % 100 == 99 &&
                    two.app.client().get("/metrics").text.find("ping_connections 1") != std::string::npos;
        if (i % 100 == 99) {
            two.app.advance(1s);
        }
    }
    CHECK(is_closed);
}

TEST_CASE("socket: logout closes that session's sockets with 4401", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    REQUIRE(two.ana.api.post("/api/v1/logout", boost::json::object()).status == 200);
    CHECK(ana.next("sessionEnded").at("reason") == "revoked");
    CHECK(ana.wait_for_close() == 4401);
    bo.send("seen", {{"chatId", two.chat}, {"seq", 0}}, 1);
    CHECK(bo.acknowledgement(1).at("data").at("readSeq") == 0);
}

TEST_CASE("socket: a stop tells clients with 1001 and ends well", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    WsClient silent(two.app.address());
    two.app.settle();
    auto stopped = std::async(std::launch::async, [&] { return two.app.stop(); });
    CHECK(ana.wait_for_close() == 1001);
    CHECK(silent.wait_for_close() == 1001);
    CHECK(stopped.get());
}

TEST_CASE("socket: a stop does not wait for clients that do not answer, however many", "[ws]") {
    TwoPeople two;
    // More than one turn of the loop handles; none of them reads, so none answers the close frame.
    std::vector<std::unique_ptr<WsClient>> silent;
    for (int i = 0; i < 300; ++i) {
        silent.push_back(std::make_unique<WsClient>(two.app.address()));
    }
    CHECK(two.app.stop());
}
