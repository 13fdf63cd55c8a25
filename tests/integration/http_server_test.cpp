#include "integration/http_fixture.hpp"
#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::test;

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

TEST_CASE("http: much may be pipelined behind a body", "[http]") {
    Started server;
    auto client = server.connect();
    const std::string body(5'000, 'b');
    auto requests = post("/x", body);
    constexpr int gets = 400;  // more than a header may be long
    for (int i = 0; i < gets; ++i) {
        requests += get("/open/" + std::to_string(i));
    }
    REQUIRE(client.send(requests));
    CHECK(client.read_answer()->body == "/x|" + body);
    for (int i = 0; i < gets; ++i) {
        REQUIRE(client.read_answer()->body == "/open/" + std::to_string(i) + "|");
    }
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
    // Several fields are one list.
    auto twice = server.connect();
    CHECK(twice.ask(get("/open/a", "Connection: keep-alive\r\nConnection: close\r\n")).status == 200);
    CHECK(twice.is_closed_by_peer());
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
