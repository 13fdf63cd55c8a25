#include "integration/http_fixture.hpp"
#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"
#include "support/raw_requests.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace ping;
using namespace ping::test;

TEST_CASE("T33: a malformed head is refused, the connection closed, and nothing behind it served", "[http]") {
    Started server;
    const auto smuggled = get("/smuggled");
    for (const auto& [name, bytes, status] : test::bad_heads()) {
        INFO(name);
        auto client = server.connect();
        const auto answer = client.ask(bytes + smuggled);
        CHECK(answer.status == status);
        CHECK(answer.header("connection") == "close");
        CHECK_FALSE(message_of(answer).empty());
        CHECK(client.is_closed_by_peer());
    }
    CHECK(server.reached().empty());
}

TEST_CASE("T33: malformed chunks are refused, the connection closed, and nothing behind them served",
          "[http]") {
    Started server;
    for (const auto& [name, chunks] : test::bad_chunks()) {
        INFO(name);
        auto client = server.connect();
        const auto answer = client.ask("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                       chunks + get("/smuggled"));
        CHECK((answer.status == 400 || answer.status == 413));
        CHECK(client.is_closed_by_peer());
    }
    CHECK(server.reached().empty());
}

TEST_CASE("T33: a request inside a body is a body", "[http]") {
    Started server;
    auto client = server.connect();
    CHECK(client.ask(post("/x", get("/smuggled"))).status == 200);
    CHECK(client.ask(get("/nowhere", "Content-Length: 5\r\n") + "hello" + get("/smuggled")).status == 404);
    CHECK(client.is_closed_by_peer());
    CHECK(server.reached() == std::vector<std::string>{"/x"});
}

TEST_CASE("T39: invalid UTF-8 in a body and in a path is 400", "[http]") {
    Started server;
    auto client = server.connect();
    const std::string json = "Content-Type: application/json\r\n";
    CHECK(client.ask(post("/json", R"({"a":"ok"})", json)).body == R"({"a":"ok"})");
    for (const auto* bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\x80"}) {
        const auto answer = client.ask(post("/json", std::string("{\"a\":\"") + bytes + "\"}", json));
        CHECK(answer.status == 400);
        CHECK_FALSE(message_of(answer).empty());
    }
    CHECK(client.ask(post("/json", "{}", "Content-Type: text/plain\r\n")).status == 415);
    CHECK(client.ask(post("/json", "[]", json)).status == 400);
    for (const auto* path :
         {"/open/%FF", "/open/%C0%AF", "/open/%ED%A0%80", "/open/%00", "/open/a?x=%FF", "/open/%0A"}) {
        CHECK(client.ask(get(path)).status == 400);
    }
    CHECK(client.ask(get("/open/%F0%9F%93%B7")).body == "/open/\xF0\x9F\x93\xB7|");
}

TEST_CASE("T58: the client's address comes from trusted proxies alone", "[http]") {
    Fixture server;
    server.config.server.trusted_proxies = {"127.0.0.2"};
    server.start();
    auto direct = server.connect();
    CHECK(direct.ask(get("/client")).body == "127.0.0.1 direct");
    CHECK(direct.ask(get("/client", "X-Forwarded-For: 192.0.2.1\r\n")).body == "127.0.0.1 forwarded");
    auto proxied = server.connect_from("127.0.0.2");
    CHECK(proxied.ask(get("/client", "X-Forwarded-For: 6.6.6.6, 192.0.2.1\r\n")).body ==
          "192.0.2.1 forwarded");
    CHECK(proxied.ask(get("/client")).body == "127.0.0.2 direct");
}

TEST_CASE("T58 T47: one log line per request, with the address that counts, whatever the client sends",
          "[http]") {
    Started server;
    log::configure(LogFormat::json, LogLevel::info);
    test::CapturedStderr captured;
    {
        auto client = server.connect();
        CHECK(client.ask(get("/open/1", "X-Forwarded-For: 6.6.6.6\r\nX-Request-Id: a b\r\n")).status == 200);
        CHECK(client.ask(get("/open/2?token=hidden", "User-Agent: " + std::string(7000, 'u') + "\r\n"))
                  .status == 200);
        CHECK(client.ask(get("/open/%22%7B'--%E2%80%AE")).status == 200);
        CHECK(client.ask(get("/open/%0Aforged")).status == 400);
        auto ansi = server.connect();
        CHECK(ansi.ask(get("/open/4", "User-Agent: \x1B[31m\r\n")).status == 400);
        auto newline = server.connect();
        CHECK(newline.ask(get("/open/5", "User-Agent: a\nb\r\n")).status == 400);
        auto huge = server.connect();
        CHECK(huge.ask(get("/open/6", "User-Agent: " + std::string(1024 * 1024, 'u') + "\r\n")).status ==
              431);
    }
    server.drain();
    log::flush();
    const auto text = captured.take();
    log::configure(LogFormat::text, LogLevel::warn);
    std::vector<boost::json::object> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(boost::json::parse(text.substr(at, end - at)).as_object());
        at = end + 1;
    }
    REQUIRE(lines.size() == 7);
    CHECK_FALSE(lines[0].contains("path"));  // it may hold what somebody typed into it
    CHECK(lines[0].at("client").as_string() == "127.0.0.1");
    CHECK(lines[0].at("route").as_string() == "/open/:id");
    CHECK(lines[0].at("method").as_string() == "GET");
    CHECK(lines[0].at("status").as_int64() == 200);
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find("uuuu") == std::string::npos);
    CHECK(text.find("forged") == std::string::npos);
}

TEST_CASE("T27: the origin is checked before an upgrade", "[http]") {
    Started server;
    const auto handshake = [](const std::string& origin) {
        return get("/ws",
                   "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
                   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                       (origin.empty() ? "" : "Origin: " + origin + "\r\n"));
    };
    for (const auto* origin :
         {"https://evil.com", "null", "http://localhost.evil.com", "http://evil-localhost",
          "HTTP://LOCALHOST:3000", "https://a:8443", "http://b"}) {
        INFO(origin);
        CHECK(server.connect().ask(handshake(origin)).status == 403);
    }
    for (const auto& [origin, word] : std::vector<std::pair<std::string, std::string>>{
             {"", "unknown"}, {"http://a", "allowed"}, {"http://localhost:3000", "allowed"}}) {
        auto client = server.connect();
        // A client may send its first frame before the answer.
        client.send(handshake(origin) + "frame");
        CHECK(client.read_answer()->status == 101);
        CHECK(client.read_all() == word + " /ws\n" + handshake(origin) + "frame");
    }
    const auto plain = server.connect().ask(get("/ws"));
    CHECK(plain.status == 426);
    CHECK(plain.header("upgrade") == "websocket");
    CHECK(plain.header("sec-websocket-version") == "13");
    const auto old = server.connect().ask(
        get("/ws",
            "Connection: keep-alive\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    CHECK(old.status == 426);
    CHECK(old.body.find("websocket_version") != std::string::npos);
    CHECK(old.header("upgrade") == "websocket");
    CHECK(old.header("sec-websocket-version") == "13");
    CHECK(server.connect().ask(get("/open/a", "Connection: Upgrade\r\nUpgrade: websocket\r\n")).status ==
          200);
}
