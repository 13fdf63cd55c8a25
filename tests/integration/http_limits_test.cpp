#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"
#include "support/http_test_server.hpp"

#include <catch2/catch.hpp>

#include <list>
#include <sys/resource.h>

using namespace ping;
using namespace ping::http;
using namespace std::chrono_literals;

namespace {

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::size_t size) {
    return "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'b');
}

struct Fixture : test::HttpTestServer {
    Fixture() {
        router.add(Method::get, "/x", RouteOptions{Auth::none, 0}, echo());
        router.add(Method::post, "/x", RouteOptions{Auth::none, 0}, echo());
        router.add(Method::post, "/upload", RouteOptions{Auth::none, 200'000}, echo());
    }
};

/// Lowers the number of files that the process may open, for as long as it lives.
class FileLimit {
public:
    explicit FileLimit(rlim_t files) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        set(files);
    }
    ~FileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;

private:
    void set(rlim_t files) {
        rlimit lowered = before_;
        lowered.rlim_cur = files;
        ::setrlimit(RLIMIT_NOFILE, &lowered);
    }
    rlimit before_{};
};

}  // namespace

TEST_CASE("T35: a header at the limit is served, one byte more is 431", "[http]") {
    Fixture server;
    server.start();
    const std::string start = "GET /x HTTP/1.1\r\nHost: a\r\nA: ";
    const auto of_size = [&](std::size_t size) {
        return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
    };
    CHECK(server.connect().ask(of_size(8192)).status == 200);
    auto client = server.connect();
    CHECK(client.ask(of_size(8193)).status == 431);
    CHECK(client.is_closed_by_peer());
}

TEST_CASE("T35: an address at the limit is served, one byte more is 414", "[http]") {
    Fixture server;
    server.start();
    const auto of_size = [](std::size_t size) {
        return "GET /x?" + std::string(size - 3, 'q') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(server.connect().ask(of_size(2048)).status == 200);
    auto client = server.connect();
    CHECK(client.ask(of_size(2049)).status == 414);
    CHECK(client.is_closed_by_peer());
}

TEST_CASE("T35: a body at the limit is served, one byte more is 413", "[http]") {
    Fixture server;
    server.start();
    CHECK(server.connect().ask(post(64 * 1024)).status == 200);
    auto client = server.connect();
    CHECK(client.ask(post(64 * 1024 + 1)).status == 413);
    CHECK(client.is_closed_by_peer());
    // Without the length, the chunks are counted.
    auto chunked = server.connect();
    CHECK(chunked
              .ask("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n" +
                   std::string(0x10001, 'b') + "\r\n0\r\n\r\n")
              .status == 413);
    CHECK(chunked.is_closed_by_peer());
    CHECK(server.reached().size() == 1);
}

TEST_CASE("T35: a route may have a body limit of its own", "[http]") {
    Fixture server;
    server.start();
    const auto of_size = [](std::size_t size) {
        return "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
               std::string(size, 'b');
    };
    CHECK(server.connect().ask(of_size(200'000)).status == 200);
    CHECK(server.connect().ask(of_size(200'001)).status == 413);
}

TEST_CASE("T35: a client in the middle of a refused upload can read why", "[http]") {
    Fixture server;
    server.start();
    auto client = server.connect();
    CHECK(client.ask(post(4 * 1024 * 1024)).status == 413);
    CHECK(client.is_closed_by_peer());
}

TEST_CASE("T42: one address keeps its number of connections, another is served", "[http]") {
    Fixture server;
    server.config.limits.per_ip = 10;
    server.start();
    std::list<test::RawClient> kept;
    for (int i = 0; i < 10; ++i) {
        kept.push_back(server.connect_from("127.0.0.2"));
        REQUIRE(kept.back().ask(get_x).status == 200);
    }
    for (int i = 0; i < 300; ++i) {
        CHECK(server.connect_from("127.0.0.2").is_closed_by_peer());
    }
    CHECK(server.connect().ask(get_x).status == 200);
    CHECK(kept.front().ask(get_x).status == 200);
    CHECK(server.metric("ping_http_connections_refused_total{limit=\"per_ip\"}") == 300);
    // A place given back can be taken again.
    kept.pop_front();
    CHECK(server.eventually([&] { return server.connect_from("127.0.0.2").ask(get_x).status == 200; }));
}

TEST_CASE("T42: 0 turns the limit per address off", "[http]") {
    Fixture server;
    server.config.limits.per_ip = 0;
    server.start();
    std::list<test::RawClient> clients;
    for (int i = 0; i < 150; ++i) {
        clients.push_back(server.connect());
        REQUIRE(clients.back().ask(get_x).status == 200);
    }
}

TEST_CASE("T42: there is a limit of all connections", "[http]") {
    Fixture server;
    server.config.limits.connections = 5;
    server.start();
    const test::CapturedStderr log_lines;
    std::list<test::RawClient> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(server.connect());
        REQUIRE(clients.back().ask(get_x).status == 200);
    }
    CHECK(server.connect_from("127.0.0.3").is_closed_by_peer());
    clients.pop_back();
    CHECK(server.eventually([&] { return server.connect_from("127.0.0.3").ask(get_x).status == 200; }));
    log::flush();
}

TEST_CASE("T42 T58: behind a trusted proxy the clients' requests are counted, not the proxy's connections",
          "[http]") {
    Fixture server;
    server.config.limits.per_ip = 3;
    server.config.server.trusted_proxies = {"127.0.0.0/8"};
    AsyncEvent released(server.loop);
    server.router.add(Method::get, "/wait", RouteOptions{Auth::none, 0},
                      [&](Request&) -> Task<Result<Response>> {
                          while (!released.is_set()) {
                              co_await released.wait_for(10ms);
                          }
                          co_return Response();
                      });
    server.start();
    const auto wait_for = [](const std::string& client) {
        return "GET /wait HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + client + "\r\n\r\n";
    };
    std::list<test::RawClient> connections;
    for (int i = 0; i < 3; ++i) {
        connections.push_back(server.connect());
        connections.back().send(wait_for("192.0.2.1"));
    }
    std::list<test::RawClient> others;
    for (int i = 0; i < 10; ++i) {
        others.push_back(server.connect());
        CHECK(others.back().ask(get_x).status == 200);
    }
    const auto refused = others.back().ask(wait_for("192.0.2.1"));
    CHECK(refused.status == 429);
    CHECK_FALSE(refused.header("retry-after").empty());
    others.front().send(wait_for("192.0.2.2"));
    server.on_loop([&] { released.set(); });
    server.advance(100ms);
    CHECK(others.front().read_answer()->status == 200);
    for (auto& connection : connections) {
        CHECK(connection.read_answer()->status == 200);
    }
    CHECK(others.back().ask("GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n").status ==
          200);
}

TEST_CASE("T42: without descriptors the server waits instead of spinning, and recovers", "[http]") {
    Fixture server;
    server.start();
    auto served = server.connect();
    REQUIRE(served.ask(get_x).status == 200);
    const test::CapturedStderr log_lines;
    // A descriptor of the client's own must be there before the limit falls.
    test::RawClient waiting = [&] {
        const int next = ::dup(0);
        ::close(next);
        FileLimit limit(static_cast<rlim_t>(next) + 1);
        test::RawClient client(server.address());
        CHECK(client.send(get_x));
        CHECK(server.eventually([&] { return server.metric("ping_http_accept_failures_total") == 1; }));
        for (int i = 0; i < 100; ++i) {
            CHECK(served.ask(get_x).status == 200);
        }
        // The clock stands still: one failure, one pause.
        CHECK(server.metric("ping_http_accept_failures_total") == 1);
        server.advance(150ms);
        CHECK(server.eventually([&] { return server.metric("ping_http_accept_failures_total") == 2; }));
        return client;
    }();
    server.advance(150ms);
    CHECK(waiting.read_answer().value_or(test::RawAnswer()).status == 200);
    log::flush();
}
