#include "engineio_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

using ping::realtime::CloseReason;
using ping::realtime::Departure;
using ping::test::EngineServer;
using ping::test::RawClient;
using namespace std::chrono_literals;

TEST_CASE("engine: a GET waits longer than other requests may take, then gets what there is", "[socketio]") {
    ping::realtime::socketio::EngineOptions options;
    options.ping_interval = 100s;
    EngineServer server(options);
    const auto sid = server.open();
    auto client = server.waiting_poll(sid);
    server.http.advance(server.http.config.limits.request + 10s);
    CHECK_FALSE(client.is_closed_already());
    server.http.on_loop([] {});
    server.with(0, [](auto& listener) {
        const std::array frames{ping::realtime::Frame::text("4a"), ping::realtime::Frame::binary("\x01\x02"),
                                ping::realtime::Frame::text("4b")};
        listener.socket.send(frames);
    });
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body ==
          "4a\x1e"
          "bAQI=\x1e"
          "4b");
    CHECK(answer->header("content-type") == "text/plain; charset=UTF-8");
    // The same connection serves on.
    server.send(0, "c");
    CHECK(client.ask(server.poll_request(sid)).body == "4c");
}

TEST_CASE("engine: a ping every interval, and the end without a pong", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto client = server.waiting_poll(sid);
    server.http.advance(24'900ms);
    CHECK(server.waiting_polls() == 1);
    server.http.advance(100ms);
    CHECK(client.read_answer()->body == "2");
    SECTION("answered: the next one is due") {
        CHECK(server.post(sid, "3").body == "ok");
        auto again = server.waiting_poll(sid);
        server.http.advance(25s);
        CHECK(again.read_answer()->body == "2");
    }
    SECTION("not answered: over, to the waiting GET as well") {
        auto last = server.waiting_poll(sid);
        server.http.advance(20'100ms);
        CHECK(last.read_answer()->body == "1");
        CHECK(server.poll(sid).status == 400);
        CHECK(server.departure() == Departure::lost);
    }
    SECTION("a request that comes before the timer's tick finds it over all the same") {
        server.http.clock.advance(20s);
        const auto answer = server.poll(sid);
        CHECK(answer.status == 400);
        CHECK(answer.body == R"({"code":1,"message":"Session ID unknown"})");
    }
    SECTION("pongs that nobody asked for keep nobody alive") {
        CHECK(server
                  .post(sid,
                        "3\x1e"
                        "3")
                  .body == "ok");
        CHECK(server.post(sid, "3").body == "ok");
        server.http.advance(46s);
        CHECK(server.poll(sid).status == 400);
    }
}

TEST_CASE("engine: a client that leaves a waiting GET has left the session", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto client = server.waiting_poll(sid);
    client.close();
    REQUIRE(server.http.eventually([&] { return server.departure().has_value(); }));
    CHECK(server.departure() == Departure::lost);
    CHECK(server.poll(sid).status == 400);
    CHECK(server.sessions() == 0);
}

TEST_CASE("engine: a client that polls no more is lost before its ping is", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    SECTION("from the beginning") {
        server.http.advance(24'900ms);
        CHECK_FALSE(server.departure());
    }
    SECTION("counted from the last answer") {
        auto client = server.waiting_poll(sid);
        server.http.advance(10s);
        server.send(0, "x");
        CHECK(client.read_answer()->body == "4x");
        server.http.advance(24'900ms);
        CHECK_FALSE(server.departure());
    }
    SECTION("where there are doubts, after a shorter time") {
        server.http.advance(10s);
        CHECK(server.post(sid, "4x").body == "ok");
        server.send(0, "x");
        CHECK(server.poll(sid).body == "4x");
        server.with(0, [](auto& listener) { listener.socket.end_unless_polled(2s); });
        server.http.advance(1900ms);
        CHECK_FALSE(server.departure());
    }
    SECTION("where there are doubts, at once when that has passed") {
        server.http.advance(2s);
        server.with(0, [](auto& listener) {
            listener.socket.end_unless_polled(2s);
            CHECK_FALSE(listener.departure);  // never within the call
        });
        CHECK(server.departure() == Departure::lost);
    }
    server.http.advance(200ms);
    CHECK(server.departure() == Departure::lost);
    CHECK(server.poll(sid).status == 400);
}

TEST_CASE("engine: doubts do no harm to a client that polls, or upgrades", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    const auto doubt = [&] { server.with(0, [](auto& listener) { listener.socket.end_unless_polled(2s); }); };
    SECTION("its GET waits") {
        auto client = server.waiting_poll(sid);
        doubt();
        server.http.advance(24s);
        server.send(0, "x");
        CHECK(client.read_answer()->body == "4x");
    }
    SECTION("its GET comes") {
        doubt();
        server.http.advance(1s);
        auto client = server.waiting_poll(sid);
        server.http.advance(20s);
        server.send(0, "x");
        CHECK(client.read_answer()->body == "4x");
    }
    SECTION("its WebSocket is asked first") {
        auto socket = server.connect("transport=websocket&sid=" + sid);
        socket.send_text("2probe");
        CHECK(socket.receive_text() == "3probe");
        doubt();
        server.http.advance(3s);
        socket.send_text("5");
        REQUIRE(server.http.eventually([&] { return !server.messages().empty(); }));
        server.http.advance(21s);
        server.send(0, "x");
        CHECK(socket.receive_text() == "4x");
        doubt();
        server.http.advance(3s);
        server.send(0, "y");
        CHECK(socket.receive_text() == "2");
        CHECK(socket.receive_text() == "4y");
    }
}

TEST_CASE("engine: the client's goodbye lets a waiting GET go", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    SECTION("one that waits") {
        auto client = server.waiting_poll(sid);
        CHECK(server
                  .post(sid,
                        "4last\x1e"
                        "1")
                  .body == "ok");
        CHECK(client.read_answer()->body == "6");
    }
    SECTION("one that comes within a second") {
        CHECK(server
                  .post(sid,
                        "4last\x1e"
                        "1\x1e"
                        "4ignored")
                  .body == "ok");
        CHECK(server.poll(sid).body == "6");
    }
    SECTION("none: it is not waited for") {
        CHECK(server
                  .post(sid,
                        "4last\x1e"
                        "1")
                  .body == "ok");
        server.http.advance(1100ms);
    }
    CHECK(server.departure() == Departure::goodbye);
    CHECK(server.messages() == std::vector<std::string>{"last"});
    CHECK(server.poll(sid).status == 400);
    CHECK(server.post(sid, "4x").status == 400);
    CHECK(server.sessions() == 0);
}

TEST_CASE("engine: what was said before the server closed is still fetched", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    server.with(0, [](auto& listener) {
        const std::array frames{ping::realtime::Frame::text("444{}")};
        listener.socket.send(frames);
        listener.socket.close(CloseReason::not_authenticated);
        CHECK_FALSE(listener.departure);  // never within the call
    });
    CHECK(server.departure() == Departure::lost);
    CHECK(server.post(sid, "4x").status == 400);
    CHECK(server.poll(sid).body == "444{}");
    CHECK(server.poll(sid).body == "1");
    CHECK(server.poll(sid).status == 400);
}

TEST_CASE("T31: the sid is random, and another's token does not open it", "[socketio][T31]") {
    EngineServer server;
    const std::string ana = "Authorization: Bearer ana\r\n";
    const std::string eve = "Authorization: Bearer eve\r\n";
    const auto sid = server.open(ana);
    CHECK(sid.size() == 32);
    CHECK(sid.find_first_not_of("0123456789abcdef") == std::string::npos);
    std::set<std::string> sids{sid};
    for (int i = 0; i < 20; ++i) {
        sids.insert(server.open(eve));
    }
    CHECK(sids.size() == 21);

    server.send(0, "for ana alone");
    for (const auto& fields : {eve, std::string()}) {
        CHECK(server.poll(sid, fields).status == 400);
        CHECK(server.post(sid, "4from eve", fields).status == 400);
    }
    CHECK_THROWS(server.connect("transport=websocket&sid=" + sid, {{"Authorization", "Bearer eve"}}));
    CHECK(server.messages().empty());
    CHECK(server.poll(sid, ana).body == "4for ana alone");
}

TEST_CASE("T31: a second GET at a time closes the session and gets nothing of it", "[socketio][T31]") {
    EngineServer server;
    const auto sid = server.open();
    auto first = server.waiting_poll(sid);
    const auto second = server.poll(sid);
    CHECK(second.status == 400);
    CHECK(second.body == R"({"code":3,"message":"Bad request"})");
    CHECK(first.read_answer()->body == "1");
    CHECK(server.poll(sid).status == 400);
    CHECK(server.departure() == Departure::lost);
}

TEST_CASE("engine: a second POST at a time closes the session", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    auto slow = server.http.connect();
    REQUIRE(slow.send(server.post_head(sid, 6) + "4ab"));
    const auto claimed = [&] { return server.post(sid, "4x").status == 400; };
    REQUIRE(server.http.eventually(claimed));
    CHECK(server.departure() == Departure::lost);
    REQUIRE(slow.send("cde"));
    CHECK(slow.read_answer()->status == 400);
}

TEST_CASE("engine: a POST that breaks off leaves room for the next", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    {
        auto broken = server.http.connect();
        REQUIRE(broken.send(server.post_head(sid, 6) + "4ab"));
        broken.finish_sending();
        CHECK(broken.is_closed_by_peer());
    }
    CHECK(server.post(sid, "4whole").body == "ok");
    CHECK(server.messages() == std::vector<std::string>{"whole"});
}

TEST_CASE("T35: a polling body is bounded before it is read, wider for whom the application knows",
          "[socketio][T35]") {
    EngineServer server;
    const auto sid = server.open();
    const auto body = [](std::size_t size) { return "4" + std::string(size - 1, 'x'); };
    CHECK(server.post(sid, body(64 * 1024)).body == "ok");
    CHECK(server.post(sid, body(64 * 1024 + 1)).status == 413);
    auto chunked = server.http.connect();
    const auto chunk = "10001\r\n" + body(0x10001) + "\r\n0\r\n\r\n";
    CHECK(chunked
              .ask("POST " + server.address("transport=polling&sid=" + sid) +
                   " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk)
              .status == 413);
    server.with(0, [](auto& listener) { listener.socket.set_packet_bytes(2'000'000); });
    CHECK(server.post(sid, body(1'000'000)).body == "ok");
    CHECK(server.post(sid, body(1'000'001)).status == 413);
    CHECK(server.post("0123", body(10)).status == 400);
    CHECK(server.messages().size() == 2);
}

TEST_CASE("T27: polling from a foreign page is refused, from an allowed one or none it is not",
          "[socketio][T27]") {
    EngineServer server;
    const auto sid = server.open();
    for (const auto* const origin : {"http://evil.example", "null", "http://localhost.evil.example",
                                     "http://evil-localhost", "https://a:444", "HTTP://LOCALHOST"}) {
        INFO(origin);
        const auto fields = "Origin: " + std::string(origin) + "\r\n";
        const auto refused = server.get("transport=polling", fields);
        CHECK(refused.status == 403);
        CHECK(refused.body == R"({"code":4,"message":"Forbidden"})");
        CHECK(refused.header("access-control-allow-origin").empty());
        CHECK(server.post(sid, "4x", fields).status == 403);
        CHECK_THROWS(server.connect("transport=websocket", {{"Origin", origin}}));
    }
    CHECK(server.messages().empty());
    const auto allowed = server.get("transport=polling", "Origin: http://localhost:5000\r\n");
    CHECK(allowed.status == 200);
    CHECK(allowed.header("access-control-allow-origin") == "http://localhost:5000");
    CHECK(server.get("transport=polling").status == 200);
}

TEST_CASE("engine: requests that are none are refused with the number clients know", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    const auto error_of = [](const ping::test::RawAnswer& answer) {
        CHECK(answer.status == 400);
        return boost::json::parse(answer.body).at("code").as_int64();
    };
    CHECK(error_of(server.get("transport=webtransport")) == 0);
    CHECK(error_of(server.get("transport=__proto__&sid=" + sid)) == 0);
    CHECK(error_of(server.get("")) == 0);
    CHECK(error_of(server.get("transport=polling&sid=nobody")) == 1);
    CHECK(error_of(server.get("transport=polling&sid=")) == 1);
    CHECK(error_of(server.get("transport=websocket")) == 3);
    auto client = server.http.connect();
    const auto ask = [&](const std::string& method, const std::string& target) {
        return client.ask(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    };
    CHECK(error_of(ask("POST", "/socket.io/?EIO=4&transport=polling")) == 2);
    CHECK(error_of(ask("DELETE", server.address("transport=polling&sid=" + sid))) == 2);
    CHECK(error_of(ask("GET", "/socket.io/?EIO=3&transport=polling")) == 5);
    CHECK(error_of(server.post(sid, "4x", "Content-Type: application/octet-stream\r\n")) == 3);
    CHECK(ask("GET", "/socket.io?EIO=4&transport=polling&t=abc&b64=1&userId=1").status == 200);
}

TEST_CASE("T42: a client's sessions are bounded, and so are all", "[socketio][T42]") {
    ping::realtime::socketio::EngineOptions options;
    options.sessions_per_client = 3;
    options.sessions = 5;
    EngineServer server(options);
    for (int i = 0; i < 3; ++i) {
        server.open();
    }
    CHECK(server.get("transport=polling").status == 429);
    CHECK_THROWS(server.connect());
    const auto from_elsewhere = [&] {
        auto other = server.http.connect_from("127.0.0.2");
        return other.ask(server.get_request("transport=polling")).status;
    };
    CHECK(from_elsewhere() == 200);
    CHECK(from_elsewhere() == 200);
    CHECK(from_elsewhere() == 429);
    server.http.advance(46s);
    CHECK(server.sessions() == 0);
    CHECK(server.get("transport=polling").status == 200);
}

TEST_CASE("T41: who does not fetch what is sent loses the session, not the server its memory",
          "[socketio][T41]") {
    EngineServer server;
    const auto sid = server.open();
    for (int i = 0; i < 256; ++i) {
        server.send(0, "x");
    }
    CHECK_FALSE(server.departure());
    server.send(0, "one too many");
    CHECK(server.departure() == Departure::lost);
    CHECK(server.poll(sid).status == 400);

    server.open();
    server.send(1, std::string(255 * 1024, 'x'));
    CHECK_FALSE(server.departure(1));
    server.send(1, std::string(1024, 'x'));
    CHECK(server.departure(1) == Departure::lost);
}

TEST_CASE("engine: while its listener is busy a POST is not answered", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    server.with(0, [](auto& listener) { listener.socket.set_busy(true); });
    auto client = server.http.connect();
    REQUIRE(client.send(server.post_head(sid, 2) + "4x"));
    REQUIRE(server.http.eventually([&] { return server.messages().size() == 1; }));
    server.http.advance(1s);
    CHECK_FALSE(client.is_closed_already());
    CHECK(server.post(sid, "4y").status == 400);  // a second one at a time
    CHECK(client.read_answer()->body == "ok");    // the session is over: nothing to wait for
    CHECK(server.departure() == Departure::lost);

    const auto other = server.open();
    server.with(1, [](auto& listener) { listener.socket.set_busy(true); });
    REQUIRE(client.send(server.post_head(other, 2) + "4x"));
    REQUIRE(server.http.eventually([&] { return server.messages(1).size() == 1; }));
    server.with(1, [](auto& listener) { listener.socket.set_busy(false); });
    CHECK(client.read_answer()->body == "ok");
    CHECK(server.post(other, "4y").body == "ok");
}

TEST_CASE("engine: a server that stops lets waiting GETs go", "[socketio]") {
    EngineServer server;
    const auto sid = server.open();
    server.open();
    auto client = server.waiting_poll(sid);
    server.http.on_loop([&] { server.engine().close_all(CloseReason::going_away); });
    CHECK(client.read_answer()->body == "1");
    CHECK(server.sessions() == 0);
}
