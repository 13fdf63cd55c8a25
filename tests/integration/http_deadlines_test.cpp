#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"
#include "support/http_test_server.hpp"

#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <list>

using namespace ping;
using namespace ping::http;
using namespace std::chrono_literals;

namespace {

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

struct Fixture : test::HttpTestServer {
    Fixture() {
        config.limits.per_ip = 0;
        const RouteOptions open_to_all{Auth::none, 0};
        router.add(Method::get, "/x", open_to_all, echo());
        router.add(Method::post, "/x", open_to_all, echo());
        router.add(Method::get, "/big", open_to_all, [](Request&) { return answer_big(); });
        router.add(Method::get, "/wait", open_to_all, [this](Request&) { return answer_released(); });
        router.add_upgrade("/ws", [this](Upgrade upgrade) { return hold(std::move(upgrade)); });
    }
    ~Fixture() {
        on_loop([this] { released.set(); });
    }

    static Task<Result<Response>> answer_big() {
        co_return text_response(200, std::string(32 * 1024 * 1024, 'b'), "text/plain");
    }
    Task<Result<Response>> answer_released() {
        ++waiting;
        co_await released.wait();
        co_return text_response(200, "released", "text/plain");
    }
    Task<> hold(Upgrade upgrade) {
        ++waiting;
        co_await released.wait();
        upgrade.socket.close();
    }
    // Moves the clock second by second until `is_true()`; how many that took, `most` when it never was.
    // (What a session does after its last byte races with the test thread, so no test counts on a turn.)
    int seconds_until(const std::function<bool()>& is_true, int most) {
        for (int second = 0; second < most; ++second) {
            for (int turn = 0; turn < 50; ++turn) {
                if (is_true()) {
                    return second;
                }
                on_loop([] {});
            }
            advance(1s);
        }
        return most;
    }
    int open_connections() { return static_cast<int>(metric("ping_http_connections")); }

    AsyncEvent released{loop};
    std::atomic<int> waiting{0};
};

const std::string post_start = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n";

// Starts 200 requests with `start`, sends a byte of each every second and a normal request beside them, and
// sees all of them open after `open_for` seconds and answered with 408 and closed four seconds later.
void check_drip(const std::string& start, int open_for) {
    Fixture server;
    server.start();
    auto normal = server.connect();
    std::list<test::RawClient> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(server.connect());
        REQUIRE(slow.back().send(start));
    }
    REQUIRE(server.eventually([&] { return server.open_connections() == 201; }));
    for (int second = 0; second < open_for + 4; ++second) {
        if (second == open_for) {
            CHECK(server.open_connections() == 201);
        }
        for (auto& client : slow) {
            client.send("E");
        }
        CHECK(normal.ask(get_x).status == 200);
        server.advance(1s);
    }
    int number = 0;
    for (auto& client : slow) {
        const auto answer = client.read_answer();
        INFO("client " << number++ << " of 200; open connections: " << server.open_connections());
        REQUIRE(answer.has_value());
        CHECK(answer->status == 408);
        CHECK(client.is_closed_by_peer());
        client.close();
    }
    CHECK(server.eventually([&] { return server.open_connections() == 1; }));
    CHECK(normal.ask(get_x).status == 200);
}

}  // namespace

TEST_CASE("T34: a header that drips in is cut off after 10 s, while others are served", "[http][slow]") {
    check_drip("G", 9);
}

TEST_CASE("T34: a body that drips in is cut off after 5 s, while others are served", "[http][slow]") {
    check_drip(post_start, 4);
}

TEST_CASE("T34: a body is cut off even when a byte comes before every tick of the timers", "[http][slow]") {
    Fixture server;
    server.start();
    auto slow = server.connect();
    REQUIRE(slow.send(post_start));
    auto normal = server.connect();
    const auto is_cut = [&] {
        return server.metric(R"(ping_http_requests_total{method="POST",route="/x",status="4xx"})") == 1;
    };
    for (int i = 0; i < 150 && !is_cut(); ++i) {
        server.clock.advance(TimerWheel::tick);
        slow.send("E");
        CHECK(normal.ask(get_x).status == 200);
        server.advance(0ms);
    }
    const auto answer = slow.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->status == 408);
}

TEST_CASE("T34: a body at 1 KiB a second is waited for", "[http][slow]") {
    Fixture server;
    server.start();
    auto client = server.connect();
    REQUIRE(client.send(post_start));
    auto other = server.connect();
    for (int second = 0; second < 58; ++second) {
        REQUIRE(client.send(std::string(1024, 'b')));
        CHECK(other.ask(get_x).status == 200);
        server.advance(1s);
    }
    CHECK(client.ask(std::string(60000 - 58 * 1024, 'b')).status == 200);
}

TEST_CASE("T34: an answer that nobody reads is dropped after 10 s, while others are served", "[http][slow]") {
    Fixture server;
    server.start();
    auto normal = server.connect();
    test::RawClient::Options options;
    options.receive_buffer = 4096;
    std::list<test::RawClient> slow;
    for (int i = 0; i < 3; ++i) {
        slow.emplace_back(server.address(), options);
        REQUIRE(slow.back().send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    REQUIRE(server.eventually([&] { return server.open_connections() == 4; }));
    int seconds = 0;
    for (; server.open_connections() > 1 && seconds < 20; ++seconds) {
        CHECK(normal.ask(get_x).status == 200);
        server.advance(1s);
    }
    CHECK(seconds >= 10);
    CHECK(seconds <= 13);
    CHECK(normal.ask(get_x).status == 200);
}

TEST_CASE("T34: a connection without a request is closed, after 10 s at first and 60 s later",
          "[http][slow]") {
    Fixture server;
    server.start();
    auto silent = server.connect();
    auto kept = server.connect();
    REQUIRE(kept.ask(get_x).status == 200);
    REQUIRE(server.eventually([&] { return server.open_connections() == 2; }));
    const int first = server.seconds_until([&] { return server.open_connections() == 1; }, 20);
    CHECK(first >= 10);
    CHECK(first <= 12);
    CHECK(silent.read_all().empty());
    const int second = server.seconds_until([&] { return server.open_connections() == 0; }, 80);
    CHECK(first + second >= 60);
    CHECK(first + second <= 63);
    CHECK(kept.read_all().empty());
}

TEST_CASE("http: a handler that takes too long is answered for with 503", "[http]") {
    Fixture server;
    server.start();
    auto client = server.connect();
    client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n" + get_x);
    REQUIRE(server.eventually([&] { return server.waiting == 1; }));
    server.advance(29s);
    server.advance(1100ms);
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->status == 503);
    CHECK_FALSE(answer->header("retry-after").empty());
    CHECK(client.is_closed_by_peer());
    client.close();
    // The handler still holds its request: only its end frees the connection's place.
    CHECK(server.open_connections() == 1);
    server.on_loop([&] { server.released.set(); });
    CHECK(server.eventually([&] { return server.open_connections() == 0; }));
    CHECK(server.reached().empty());
}

TEST_CASE("http: a drain closes idle connections and finishes what is in flight", "[http]") {
    Fixture server;
    server.start();
    auto idle = server.connect();
    REQUIRE(idle.ask(get_x).status == 200);
    auto busy = server.connect();
    busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(server.eventually([&] { return server.waiting == 1; }));
    server.start_drain(10s);
    CHECK(idle.read_all().empty());
    CHECK_THROWS(server.connect());
    CHECK_FALSE(server.is_drained());
    server.on_loop([&] { server.released.set(); });
    const auto answer = busy.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->body == "released");
    CHECK(answer->header("connection") == "close");
    busy.close();
    CHECK(server.eventually([&] { return server.is_drained(); }));
}

TEST_CASE("http: a drain waits for upgraded connections too, and has an end", "[http]") {
    Fixture server;
    server.start();
    auto upgraded = server.connect();
    upgraded.send(
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    auto slow = server.connect();
    slow.send("GET /");
    REQUIRE(server.eventually([&] { return server.waiting == 1 && server.open_connections() == 2; }));
    const test::CapturedStderr log_lines;
    server.start_drain(5s);
    const int seconds = server.seconds_until([&] { return server.is_drained(); }, 20);
    CHECK(seconds >= 5);
    CHECK(seconds <= 8);
    CHECK(slow.is_closed_by_peer());
    CHECK(server.open_connections() == 1);
    server.on_loop([&] { server.released.set(); });
    CHECK(upgraded.is_closed_by_peer());
    log::flush();
}

TEST_CASE("http: a handler that a drain cut off is waited for, not abandoned", "[http]") {
    Fixture server;
    server.start();
    auto busy = server.connect();
    busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(server.eventually([&] { return server.waiting == 1; }));
    const test::CapturedStderr log_lines;
    server.drain(1s);
    CHECK(busy.is_closed_by_peer());
    TaskGroup tasks(server.loop);
    std::atomic<bool> has_joined = false;
    const auto join = [&]() -> Task<> {
        co_await server.server().join();
        has_joined = true;
    };
    server.on_loop([&] { tasks.spawn("join", join); });
    server.advance(60s);
    CHECK_FALSE(has_joined);
    server.on_loop([&] { server.released.set(); });
    CHECK(server.eventually([&] { return has_joined.load(); }));
    log::flush();
}
