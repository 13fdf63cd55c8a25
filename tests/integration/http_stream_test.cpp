// Routes whose handler reads the body itself, and answers that are read while they are sent.
#include "integration/http_fixture.hpp"
#include "ping/http/body_stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>

using namespace ping;
using namespace ping::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t limit = 1024UL * 1024;

/// As many bytes as are asked for, in pieces; fails when it has given `fails_at`.
class Zeros final : public ResponseStream {
public:
    Zeros(std::size_t size, std::size_t fails_at) : size_(size), fails_at_(fails_at) {}
    std::size_t size() const override { return size_; }
    Task<Result<std::string>> read() override {
        if (given_ >= fails_at_) {
            co_return errors::internal("the disk is gone");
        }
        std::string piece(std::min<std::size_t>(64UL * 1024, size_ - given_), '0');
        given_ += piece.size();
        co_return piece;
    }

private:
    std::size_t size_;
    std::size_t fails_at_;
    std::size_t given_ = 0;
};

struct StreamFixture : HttpTestServer {
    StreamFixture() {
        config.limits.per_ip = 0;
        RouteOptions streamed = open_to_all;
        streamed.streams_body = true;
        streamed.body_limit = limit;
        router.add(Method::post, "/count", streamed, [this](Request& request) { return count(request); });
        router.add(Method::post, "/refuse", streamed, [](Request&) { return refuse(); });
        router.add(Method::post, "/first", streamed, [](Request& request) { return read_first(request); });
        router.add(Method::get, "/zeros", open_to_all, [](Request&) { return zeros(3'000'000, 3'000'000); });
        router.add(Method::get, "/broken", open_to_all, [](Request&) { return zeros(3'000'000, 500'000); });
    }
    ~StreamFixture() { stop(); }

    Task<Result<Response>> count(Request& request) {
        ++begun;
        std::size_t size = 0;
        auto piece = co_await request.body_stream->read();
        while (piece && !piece->empty()) {
            size += piece->size();
            largest = std::max(largest, piece->size());
            piece = co_await request.body_stream->read();
        }
        has_failed = !piece;
        if (!piece) {
            co_return piece.error();
        }
        co_return text_response(200, std::to_string(size), "text/plain");
    }
    static Task<Result<Response>> refuse() { co_return errors::forbidden("Not you"); }
    static Task<Result<Response>> read_first(Request& request) {
        const auto piece = co_await request.body_stream->read();
        co_return text_response(200, piece ? "read" : "not read", "text/plain");
    }
    static Task<Result<Response>> zeros(std::size_t size, std::size_t fails_at) {
        Response response;
        response.with_header("Content-Type", "application/octet-stream");
        response.stream = std::make_shared<Zeros>(size, fails_at);
        co_return response;
    }

    std::atomic<int> begun{0};
    std::size_t largest = 0;
    bool has_failed = false;
};

}  // namespace

TEST_CASE("http: a handler reads a body in pieces, and the next request follows it", "[http][stream]") {
    StreamFixture server;
    server.start();
    auto client = server.connect();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, limit}) {
        const auto answer = client.ask(post("/count", std::string(size, 'x')));
        CHECK(answer.status == 200);
        CHECK(answer.body == std::to_string(size));
    }
    const auto chunked = client.ask(
        "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
    CHECK(chunked.body == "6");
    CHECK(client.ask("POST /count HTTP/1.1\r\nHost: a\r\n\r\n").body == "0");
    server.stop();
    CHECK(server.largest <= 32UL * 1024);
}

TEST_CASE("T35: a streamed body has its limit", "[http][stream]") {
    StreamFixture server;
    server.start();
    CHECK(server.connect().ask(post("/count", std::string(limit + 1, 'x'))).status == 413);
    std::string chunks = "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 17; ++i) {
        chunks += "10000\r\n" + std::string(64UL * 1024, 'x') + "\r\n";
    }
    CHECK(server.connect().ask(chunks).status == 413);
    server.stop();
    CHECK(server.has_failed);
}

TEST_CASE("http: what a handler leaves unread ends the connection, and is never a request",
          "[http][stream]") {
    StreamFixture server;
    server.start();
    for (const auto* const path : {"/refuse", "/first"}) {
        auto client = server.connect();
        const auto smuggled = get("/zeros");
        const auto answer = client.ask(post(path, std::string(100'000, 'x') + smuggled));
        CHECK(answer.status == (path == std::string("/refuse") ? 403 : 200));
        CHECK(answer.header("connection") == "close");
        CHECK(client.read_all().empty());
    }
}

TEST_CASE("http: a refused upload is never asked for", "[http][stream]") {
    StreamFixture server;
    server.start();
    auto client = server.connect();
    const std::string head =
        "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    CHECK(client.ask(head).status == 403);
    auto welcome = server.connect();
    const auto go_on =
        welcome.ask("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(go_on.status == 100);
    CHECK(welcome.ask("hello").body == "5");
}

TEST_CASE("T34: a body that trickles in gets 408, however its handler reads it", "[http][stream]") {
    StreamFixture server;
    server.start();
    auto client = server.connect();
    client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nx");
    REQUIRE(server.eventually([&] { return server.begun == 1; }));
    for (int second = 0; second < 9; ++second) {
        client.send("x");
        server.advance(1s);
    }
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == 408);
    CHECK(client.is_closed_by_peer());
}

TEST_CASE("http: a client that leaves in the middle ends its handler", "[http][stream]") {
    StreamFixture server;
    server.start();
    {
        auto client = server.connect();
        client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
        REQUIRE(server.eventually([&] { return server.begun == 1; }));
    }
    server.stop();  // waits for the handler
    CHECK(server.has_failed);
}

TEST_CASE("http: an answer is read while it is sent, whole or cut off", "[http][stream]") {
    StreamFixture server;
    server.start();
    auto client = server.connect();
    const auto whole = client.ask(get("/zeros"));
    CHECK(whole.header("content-length") == "3000000");
    CHECK(whole.body == std::string(3'000'000, '0'));
    client.send("HEAD /zeros HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read_answer(true);
    REQUIRE(head);
    CHECK(head->header("content-length") == "3000000");
    CHECK(client.ask(get("/zeros")).body.size() == 3'000'000);
    // Better no end than a wrong one.
    client.send(get("/broken"));
    CHECK_FALSE(client.read_answer());
    CHECK(client.is_closed_by_peer());
}
