#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"
#include "support/http_test_server.hpp"
#include "support/raw_requests.hpp"

#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

using namespace ping;
using namespace ping::http;
using namespace std::chrono_literals;

namespace {

const RouteOptions open_to_all{Auth::none, 0};

std::string get(const std::string& path, const std::string& fields = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post(const std::string& path, const std::string& body, const std::string& fields = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string message_of(const test::RawAnswer& answer) {
    boost::system::error_code error;
    const auto body = boost::json::parse(answer.body, error);
    const auto* object = body.if_object();
    const auto* message = object == nullptr ? nullptr : object->if_contains("message");
    return message == nullptr ? "" : std::string(message->as_string());
}

Task<Result<Response>> echo_json(Request& request) {
    auto object = request.json();
    if (!object) {
        co_return object.error();
    }
    co_return json_response(200, *object);
}

Task<Result<Response>> throw_up(Request&) {
    throw std::runtime_error("secret detail");
    co_return Response();
}

Task<Result<Response>> tell_client(Request& request) {
    co_return text_response(
        200, request.client.to_string() + (request.is_forwarded ? " forwarded" : " direct"), "text/plain");
}

// Speaks once, as a WebSocket's server would, and ends.
Task<> greet(Upgrade upgrade) {
    const std::string text = std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n") +
                             (upgrade.origin_allowed ? "allowed " : "unknown ") + upgrade.request.path +
                             "\n" + upgrade.received;
    const auto buffer = boost::asio::buffer(text);
    co_await boost::asio::async_write(upgrade.socket, buffer, use_task);
}

struct Fixture : test::HttpTestServer {
    Fixture() {
        router.add(Method::get, "/open/:id", open_to_all, echo());
        router.add(Method::post, "/x", open_to_all, echo());
        router.add(Method::get, "/smuggled", open_to_all, echo());
        router.add(Method::get, "/closed", RouteOptions(), echo());
        router.add(Method::post, "/closed", RouteOptions(), echo());
        router.add(Method::post, "/json", open_to_all, echo_json);
        router.add(Method::get, "/boom", open_to_all, throw_up);
        router.add(Method::get, "/client", open_to_all, tell_client);
        router.add_upgrade("/ws", greet);
    }
};

struct Started : Fixture {
    Started() { start(); }
};

}  // namespace

TEST_CASE("http: a request is answered with what every answer carries", "[http]") {
    Started server;
    auto client = server.connect();
    const auto answer = client.ask(get("/open/a%20b?x=1"));
    CHECK(answer.status == 200);
    CHECK(answer.body == "/open/a b|");
    CHECK(answer.header("content-type") == "text/plain");
    CHECK(answer.header("x-request-id").size() == 16);
    CHECK(answer.header("x-content-type-options") == "nosniff");
    CHECK(answer.header("cache-control") == "no-store");
    CHECK(answer.header("vary") == "Origin");
    CHECK_FALSE(answer.header("date").empty());
    CHECK(answer.header("connection").empty());
    CHECK(client.ask(get("/open/b", "X-Request-Id: mine-1\r\n")).header("x-request-id") == "mine-1");
}

TEST_CASE("http: a connection serves many requests, pipelined ones in order", "[http]") {
    Started server;
    auto client = server.connect();
    std::string requests;
    for (int i = 0; i < 50; ++i) {
        requests += i % 2 == 0 ? get("/open/" + std::to_string(i)) : post("/x", std::to_string(i));
    }
    REQUIRE(client.send(requests));
    for (int i = 0; i < 50; ++i) {
        const auto answer = client.read_answer();
        REQUIRE(answer.has_value());
        CHECK(answer->body == (i % 2 == 0 ? "/open/" + std::to_string(i) + "|" : "/x|" + std::to_string(i)));
    }
    CHECK(client.ask(get("/open/last")).status == 200);
}

TEST_CASE("http: a request may arrive byte by byte", "[http]") {
    Started server;
    auto client = server.connect();
    for (const char byte : post("/x", "hello")) {
        REQUIRE(client.send(std::string_view(&byte, 1)));
        server.on_loop([] {});
    }
    CHECK(client.read_answer()->body == "/x|hello");
}

TEST_CASE("http: the client may ask to close, HTTP/1.0 always does", "[http]") {
    Started server;
    auto client = server.connect();
    const auto answer = client.ask(get("/open/a", "Connection: foo, Close\r\n"));
    CHECK(answer.header("connection") == "close");
    CHECK(client.is_closed_by_peer());
    auto old = server.connect();
    CHECK(old.ask("GET /open/a HTTP/1.0\r\nHost: a\r\n\r\n").status == 200);
    CHECK(old.is_closed_by_peer());
    auto half = server.connect();
    half.send(get("/open/a"));
    half.finish_sending();
    CHECK(half.read_answer()->status == 200);
    CHECK(half.is_closed_by_peer());
}

TEST_CASE("http: HEAD is answered as GET without a body", "[http]") {
    Started server;
    auto client = server.connect();
    client.send("HEAD /open/abc HTTP/1.1\r\nHost: a\r\n\r\n" + get("/open/next"));
    const auto answer = client.read_answer(true);
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    CHECK(answer->header("content-length") == "10");
    CHECK(client.read_answer()->body == "/open/next|");
}

TEST_CASE("http: 404, 405 with Allow, and OPTIONS", "[http]") {
    Started server;
    auto client = server.connect();
    const auto missing = client.ask(get("/nowhere"));
    CHECK(missing.status == 404);
    CHECK(message_of(missing) == "Not found");
    CHECK(missing.header("content-type") == "application/problem+json");
    const auto wrong = client.ask("DELETE /closed HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(wrong.status == 405);
    CHECK(wrong.header("allow") == "GET, HEAD, POST, OPTIONS");
    CHECK_FALSE(message_of(wrong).empty());
    const auto options = client.ask("OPTIONS /closed HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(options.status == 204);
    CHECK(options.header("allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(client.ask("OPTIONS /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status == 404);
    CHECK(client.ask("BREW /closed HTTP/1.1\r\nHost: a\r\n\r\n").status == 501);
}

TEST_CASE("T28: CORS on the wire", "[http]") {
    Started server;
    auto client = server.connect();
    const std::string ask = "Access-Control-Request-Method: POST\r\n";
    const auto preflight =
        client.ask("OPTIONS /closed HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:3000\r\n" + ask + "\r\n");
    CHECK(preflight.status == 204);
    CHECK(preflight.header("access-control-allow-origin") == "http://localhost:3000");
    CHECK(preflight.header("access-control-allow-methods") == "GET, HEAD, POST, OPTIONS");
    const auto foreign =
        client.ask("OPTIONS /closed HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.com\r\n" + ask + "\r\n");
    CHECK(foreign.status == 204);
    CHECK(foreign.head.find("ccess-control-") == std::string::npos);
    // A page must be able to read why it was refused.
    const auto refused = client.ask(get("/closed", "Origin: http://localhost:3000\r\n"));
    CHECK(refused.status == 401);
    CHECK(refused.header("access-control-allow-origin") == "http://localhost:3000");
}

TEST_CASE("http: closed routes ask for a token first", "[http]") {
    Started server;
    auto client = server.connect();
    const auto without = client.ask(get("/closed"));
    CHECK(without.status == 401);
    CHECK(message_of(without) == "Please Login - No auth header");
    CHECK(without.header("www-authenticate") == "Bearer");
    CHECK(message_of(client.ask(get("/closed", "Authorization: Bearer bad\r\n"))) ==
          "Please Login - JWT error");
    CHECK(client.ask(get("/closed", "Authorization: Bearer good\r\n")).status == 200);
    CHECK(client.ask(get("/closed", "Cookie: ping_session=good\r\n")).status == 200);
    CHECK(client.ask(post("/closed", "x", "Cookie: ping_session=good\r\n")).status == 403);
    CHECK(client.is_closed_by_peer());  // its body was not read
    CHECK(server.reached() == std::vector<std::string>{"/closed", "/closed"});
}

TEST_CASE("http: an exception becomes a 500 that says nothing", "[http]") {
    Started server;
    auto client = server.connect();
    const test::CapturedStderr log_lines;
    const auto answer = client.ask(get("/boom"));
    CHECK(answer.status == 500);
    CHECK(message_of(answer) == "Internal server error");
    CHECK(answer.body.find("secret") == std::string::npos);
    CHECK(client.ask(get("/open/a")).status == 200);
    log::flush();
}

TEST_CASE("http: chunked bodies, and 100-continue by hand", "[http]") {
    Started server;
    auto client = server.connect();
    CHECK(
        client.ask("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            .body == "/x|hello");
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(client.read_answer()->status == 100);
    CHECK(client.ask("hello").body == "/x|hello");
    // Refused before the body is asked for.
    auto refused = server.connect();
    CHECK(refused.ask("POST /closed HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
              .status == 401);
    CHECK(refused.is_closed_by_peer());
    auto odd = server.connect();
    CHECK(odd.ask("POST /x HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 5\r\n\r\n").status == 417);
}

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
    CHECK(lines[0].at("path").as_string() == "/open/1");
    CHECK(lines[0].at("client").as_string() == "127.0.0.1");
    CHECK(lines[0].at("route").as_string() == "/open/:id");
    CHECK(lines[0].at("method").as_string() == "GET");
    CHECK(lines[0].at("status").as_int64() == 200);
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find("uuuu") == std::string::npos);
    CHECK(text.find("forged") == std::string::npos);
}

TEST_CASE("http: requests are counted by route and class", "[http]") {
    Started server;
    auto client = server.connect();
    client.ask(get("/open/1"));
    client.ask(get("/open/2"));
    client.ask(get("/nowhere/3"));
    CHECK(server.metric(R"(ping_http_requests_total{method="GET",route="/open/:id",status="2xx"})") == 2);
    CHECK(server.metric(R"(ping_http_requests_total{method="other",route="none",status="4xx"})") == 1);
    CHECK(server.metric("ping_http_connections") == 1);
}

TEST_CASE("T27: the origin is checked before an upgrade", "[http]") {
    Started server;
    const auto handshake = [](const std::string& origin) {
        return get("/ws", "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" +
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
    CHECK(server.connect().ask(get("/open/a", "Connection: Upgrade\r\nUpgrade: websocket\r\n")).status ==
          200);
}

TEST_CASE("http: several addresses, IPv6 too, and a taken one is said", "[http]") {
    Fixture server;
    server.config.server.listen = {"127.0.0.1:0", "[::1]:0", "127.0.0.2:0"};
    server.start();
    const auto addresses = server.server().addresses();
    REQUIRE(addresses.size() == 3);
    CHECK(addresses[1].starts_with("[::1]:"));
    CHECK(test::RawClient(addresses[2]).ask(get("/open/a")).status == 200);

    Fixture second;
    second.config.server.listen = {addresses[0]};
    CHECK_THROWS_WITH(second.start(), Catch::Contains("Cannot listen on " + addresses[0]));
    Fixture third;
    third.config.server.trusted_proxies = {"nonsense"};
    CHECK_THROWS_WITH(third.start(), Catch::Contains("nonsense"));
}
