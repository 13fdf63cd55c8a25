// A polling session: its GETs and POSTs, its heartbeat and how it ends.
#include "engineio_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <vector>

using ping::realtime::CloseReason;
using ping::realtime::Departure;
using ping::test::EngineServer;
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
    SECTION("its GET comes, though others doubt as well") {
        doubt();
        doubt();
        doubt();
        server.http.advance(1s);
        auto client = server.waiting_poll(sid);
        server.http.advance(20s);
        server.send(0, "x");
        CHECK(client.read_answer()->body == "4x");
    }
    SECTION("it is still getting the last answer, over a slow line") {
        server.send(0, std::string(200'000, 'x'));
        CHECK(server.poll(sid).body.size() == 200'001);
        server.http.advance(20s);
        doubt();
        server.http.advance(4s);
        auto client = server.waiting_poll(sid);
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
