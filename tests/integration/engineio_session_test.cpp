#include "engineio_fixture.hpp"

#include <catch2/catch.hpp>

using ping::realtime::CloseReason;
using ping::realtime::Departure;
using ping::test::EngineServer;
using ping::test::RawClient;
using namespace std::chrono_literals;

namespace {

/// A WebSocket of the session that has asked and been answered.
ping::test::WsClient probe(EngineServer& server, const std::string& sid, const std::string& cookie = "") {
    auto socket = server.connect("transport=websocket&sid=" + sid, {{"Cookie", cookie}});
    socket.send_text("2probe");
    CHECK(socket.receive_text() == "3probe");
    return socket;
}

std::string handshake(const EngineServer& server, const std::string& fields = "") {
    return server.get_request("transport=websocket",
                              "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                                  fields);
}

/// The bytes of the connection until the server closes it, behind the handshake's answer and the open packet.
std::string ending_of(RawClient& client, const EngineServer& server, const std::string& frame) {
    client.send(handshake(server));
    const auto answer = client.read_answer();
    REQUIRE(answer);
    REQUIRE(answer->status == 101);
    client.send(frame);
    return client.read_all();
}

}  // namespace

TEST_CASE("engine: a WebSocket alone is a session", "[socketio]") {
    EngineServer server;
    auto socket = server.connect();
    const auto open = socket.receive_text();
    CHECK(server.sid_of(open).size() == 32);
    CHECK(open.find(R"("upgrades":[])") != std::string::npos);
    socket.send_text("4hello");
    socket.send_binary("\x01\x02");
    REQUIRE(server.http.eventually([&] { return server.messages().size() == 2; }));
    CHECK(server.messages() == std::vector<std::string>{"hello", "bytes \x01\x02"});
    server.http.advance(25s);
    CHECK(socket.receive_text() == "2");
    socket.send_text("3");
    socket.send_text("4pong is there");
    REQUIRE(server.http.eventually([&] { return server.messages().size() == 3; }));
    server.http.advance(25s);
    CHECK(socket.receive_text() == "2");
    server.http.advance(20'100ms);
    CHECK(socket.read_to_end().close_code == 0);  // cut off: who is silent reads no close frame
    CHECK(server.departure() == Departure::lost);
}

TEST_CASE("engine: how a WebSocket ends is told apart", "[socketio]") {
    EngineServer server;
    auto socket = server.connect();
    socket.receive_text();
    SECTION("the client's goodbye") {
        socket.send_text("1");
        socket.read_to_end();
        CHECK(server.departure() == Departure::goodbye);
    }
    SECTION("it breaks") {
        socket.cut();
        REQUIRE(server.http.eventually([&] { return server.departure().has_value(); }));
        CHECK(server.departure() == Departure::lost);
    }
    SECTION("what is no packet") {
        socket.send_text("abc");
        CHECK(socket.read_to_end().close_code == 1008);
        CHECK(server.departure() == Departure::lost);
    }
    SECTION("what only servers send") {
        socket.send_text("2");
        CHECK(socket.read_to_end().close_code == 1008);
    }
    SECTION("the server's wish, behind what was sent before it") {
        server.send(0, "last");
        server.with(0, [](auto& listener) { listener.socket.close(CloseReason::not_authenticated); });
        CHECK(socket.receive_text() == "4last");
        CHECK(socket.read_to_end().close_code == 4401);
    }
    CHECK(server.sessions() == 0);
}

TEST_CASE("engine: an upgrade loses nothing and keeps the order", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto poll = server.waiting_poll(sid);
    auto socket = probe(server, sid, "token=abc");
    CHECK(poll.read_answer()->body == "6");  // let go, so that the client can go on
    server.send(0, "1");
    server.send(0, "2");
    socket.send_text("5");
    REQUIRE(server.http.eventually([&] { return server.messages().size() == 1; }));
    CHECK(server.messages().front() == "upgraded token=abc");
    server.send(0, "3");
    for (const auto* const expected : {"41", "42", "43"}) {
        CHECK(socket.receive_text() == expected);
    }
    CHECK(server.poll(sid).status == 400);
    CHECK(server.post(sid, "4x").status == 400);
    auto second = server.connect("transport=websocket&sid=" + sid);
    CHECK(second.read_to_end().close_code == 1008);
    socket.send_text("4still here");
    REQUIRE(server.http.eventually([&] { return server.messages().size() == 2; }));
    // The heartbeat moved with it.
    server.http.advance(25s);
    CHECK(socket.receive_text() == "2");
}

TEST_CASE("engine: a GET that meets an upgrade is held for a moment", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto socket = probe(server, sid);
    auto poll = server.waiting_poll(sid);
    SECTION("refused when the upgrade is completed") {
        socket.send_text("5");
        CHECK(poll.read_answer()->status == 400);
    }
    SECTION("else let go") {
        server.http.advance(150ms);
        CHECK(poll.read_answer()->body == "6");
    }
    SECTION("given what there is") {
        server.send(0, "x");
        CHECK(poll.read_answer()->body == "4x");
    }
}

TEST_CASE("engine: an upgrade that fails leaves the session polling", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto socket = server.connect("transport=websocket&sid=" + sid);
    SECTION("never completed") {
        socket.send_text("2probe");
        CHECK(socket.receive_text() == "3probe");
        server.http.advance(10'100ms);
        CHECK(socket.read_to_end().close_code == 1008);
    }
    SECTION("completed unasked") {
        socket.send_text("5");
        CHECK(socket.read_to_end().close_code == 1008);
    }
    SECTION("broken off") {
        socket.send_text("2probe");
        CHECK(socket.receive_text() == "3probe");
        socket.cut();
    }
    SECTION("a second one at a time") {
        socket.send_text("2probe");
        CHECK(socket.receive_text() == "3probe");
        auto second = server.connect("transport=websocket&sid=" + sid);
        CHECK(second.read_to_end().close_code == 1008);
        socket.cut();
    }
    CHECK(server.post(sid, "4x").body == "ok");
    server.send(0, "y");
    CHECK(server.poll(sid).body == "4y");
    const auto again = [&] {
        auto next = server.connect("transport=websocket&sid=" + sid);
        next.send_text("2probe");
        try {
            return next.receive_text() == "3probe";
        } catch (const std::exception&) {
            return false;  // the loop has not seen the first one's end yet
        }
    };
    CHECK(server.http.eventually(again));
}

TEST_CASE("engine: who ends during an upgrade takes both transports along", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto socket = probe(server, sid);
    CHECK(server.post(sid, "1").body == "ok");
    CHECK(socket.read_to_end().close_code == 1008);
    CHECK(server.poll(sid).body == "6");
    CHECK(server.poll(sid).status == 400);
    CHECK_THROWS(server.connect("transport=websocket&sid=" + sid));
}

TEST_CASE("engine: the last words amid an upgrade go where the client listens", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    const auto end = [&] {
        server.with(0, [](auto& listener) {
            const std::array frames{ping::realtime::Frame::text("4last")};
            listener.socket.send(frames);
            listener.socket.close(CloseReason::not_authenticated);
            listener.socket.close(CloseReason::not_authenticated);  // from elsewhere, at the same time
        });
        CHECK(server.departure() == Departure::lost);
    };
    SECTION("a GET waits, the socket has not been asked for") {
        auto socket = server.connect("transport=websocket&sid=" + sid);
        auto poll = server.waiting_poll(sid);
        end();
        CHECK(poll.read_answer()->body == "4last");
        CHECK(server.poll(sid).body == "1");
        CHECK(socket.read_to_end().close_code == 1008);
    }
    SECTION("a GET waits while the socket is about to take over") {
        auto socket = probe(server, sid);
        auto poll = server.waiting_poll(sid);
        end();
        CHECK(poll.read_answer()->body == "4last");
        CHECK(server.poll(sid).body == "1");
        CHECK(socket.read_to_end().close_code == 1008);
    }
    SECTION("a GET takes them, and the socket takes over") {
        auto socket = probe(server, sid);
        auto poll = server.waiting_poll(sid);
        end();
        CHECK(poll.read_answer()->body == "4last");
        socket.send_text("5");
        CHECK(socket.read_to_end().messages == 0);
    }
    SECTION("none waits, and the socket takes over") {
        auto socket = probe(server, sid);
        end();
        socket.send_text("5");
        CHECK(socket.receive_text() == "4last");
        CHECK(socket.read_to_end().close_code == 4401);
    }
    SECTION("none waits, and the client polls on after all") {
        auto socket = probe(server, sid);
        end();
        CHECK(server.poll(sid).body == "4last");
        CHECK(server.poll(sid).body == "1");
        CHECK(socket.read_to_end().close_code == 1008);
    }
    SECTION("nobody comes for them") {
        auto socket = probe(server, sid);
        end();
        server.http.advance(10'100ms);
        CHECK(socket.read_to_end().close_code == 1008);
    }
    CHECK(server.http.eventually([&] { return server.sessions() == 0; }));
    CHECK(server.poll(sid).status == 400);
}

TEST_CASE("T35: a WebSocket message is bounded, wider for whom the application knows", "[socketio][T35]") {
    EngineServer server;
    auto socket = server.connect();
    socket.receive_text();
    socket.send_text("4" + std::string(64 * 1024 - 1, 'x'));
    REQUIRE(server.http.eventually([&] { return server.messages().size() == 1; }));
    SECTION("at first") {
        socket.send_text("4" + std::string(64 * 1024, 'x'));
        CHECK(socket.read_to_end().close_code == 1009);
    }
    SECTION("for whom the application knows") {
        server.with(0, [](auto& listener) { listener.socket.set_packet_bytes(1'000'000); });
        socket.send_text("4" + std::string(999'999, 'x'));
        REQUIRE(server.http.eventually([&] { return server.messages().size() == 2; }));
        socket.send_text("4" + std::string(1'000'000, 'x'));
        CHECK(socket.read_to_end().close_code == 1009);
    }
    CHECK(server.http.eventually([&] { return server.departure() == Departure::lost; }));
}

TEST_CASE("T36: fragments, control frames and slow messages are bounded as on the native socket",
          "[socketio][T36]") {
    EngineServer server;
    RawClient client = server.http.connect();
    client.send(handshake(server));
    REQUIRE(server.http.eventually([&] { return server.sessions() == 1; }));
    const std::string no_mask(4, '\0');
    std::string frames;
    SECTION("fragments") {
        frames = "\x01\x80" + no_mask;
        for (int i = 0; i < 65; ++i) {
            frames += std::string("\x00\x80", 2) + no_mask;
        }
    }
    SECTION("pings") {
        for (int i = 0; i < 11; ++i) {
            frames += "\x89\x80" + no_mask;
        }
    }
    SECTION("a message that does not become whole") {
        frames = "\x81\x85" + no_mask + "4";
    }
    client.send(frames);
    const bool is_slow = frames.size() < 10;
    REQUIRE(server.http.eventually([&] {
        if (is_slow) {
            server.http.advance(1s);
        }
        return server.departure().has_value();
    }));
    REQUIRE(server.http.eventually([&] {
        server.http.advance(1s);
        return server.http.metric("ping_http_connections") == 0;
    }));
    CHECK(client.is_closed_by_peer());
    CHECK(server.departure() == Departure::lost);
}

TEST_CASE("T37: compression is never negotiated, and a compressed frame closes", "[socketio][T37]") {
    EngineServer server;
    RawClient client = server.http.connect();
    client.send(
        handshake(server, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"));
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == 101);
    CHECK(answer->header("sec-websocket-extensions").empty());
    client.send(std::string("\xC1\x80\0\0\0\0", 6));  // a text with RSV1
    const auto rest = client.read_all();
    CHECK(rest.find(std::string("\x88\x02\x03\xEA", 4)) != std::string::npos);  // 1002
    client.close();
    CHECK(server.http.eventually([&] { return server.departure() == Departure::lost; }));
}

TEST_CASE("T39: text that is no UTF-8 closes, over both transports", "[socketio][T39]") {
    EngineServer server;
    RawClient client = server.http.connect();
    const auto ending = ending_of(client, server,
                                  std::string("\x81\x82\0\0\0\0"
                                              "4\xFF",
                                              8));
    CHECK(ending.find(std::string("\x88\x02\x03\xEF", 4)) != std::string::npos);  // 1007
    const auto sid = server.open();
    CHECK(server.post(sid, "4\xFF").status == 400);
    CHECK(server.poll(sid).status == 400);
    CHECK(server.messages(0).empty());
    CHECK(server.messages(1).empty());
}

TEST_CASE("T41: a WebSocket that is not read is closed, and the others are served", "[socketio][T41]") {
    EngineServer server;
    RawClient::Options small;
    small.receive_buffer = 4096;
    RawClient slow(server.http.address(), small);
    slow.send(handshake(server));
    REQUIRE(server.http.eventually([&] { return server.sessions() == 1; }));
    auto reader = server.connect();
    reader.receive_text();
    // Far more than the kernel's buffers take.
    for (int i = 0; i < 200 && !server.departure(0); ++i) {
        server.send(0, std::string(64 * 1024, 'x'));
        server.send(1, std::to_string(i));
        CHECK(reader.receive_text() == "4" + std::to_string(i));
    }
    CHECK(server.departure(0) == Departure::lost);
    server.send(1, "still served");
    CHECK(reader.receive_text() == "4still served");
}

TEST_CASE("engine: while its listener is busy a WebSocket is not read", "[socketio]") {
    EngineServer server;
    auto socket = server.connect();
    socket.receive_text();
    server.with(0, [](auto& listener) { listener.socket.set_busy(true); });
    for (int i = 0; i < 5; ++i) {
        socket.send_text("4" + std::to_string(i));
    }
    for (int turn = 0; turn < 100; ++turn) {
        server.http.on_loop([] {});
    }
    CHECK(server.messages().size() <= 1);  // one read was under way
    // Nobody is silent whom we do not read: the pong lies with us.
    server.http.advance(25s);
    server.http.advance(60s);
    CHECK_FALSE(server.departure());
    server.with(0, [](auto& listener) { listener.socket.set_busy(false); });
    CHECK(server.http.eventually([&] { return server.messages().size() == 5; }));
    CHECK(socket.receive_text() == "2");
    server.http.advance(19s);
    CHECK_FALSE(server.departure());
    server.http.advance(1100ms);
    CHECK(server.departure() == Departure::lost);
}
