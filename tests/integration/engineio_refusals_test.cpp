// What the engine refuses: strangers, foreign pages, broken requests, and whatever would be too much.
#include "engineio_fixture.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <set>
#include <string>

using ping::realtime::Departure;
using ping::test::EngineServer;
using namespace std::chrono_literals;

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
