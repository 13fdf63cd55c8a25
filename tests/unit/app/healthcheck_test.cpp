#include "ping/app/cli.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace ping;
using namespace ping::app;
using namespace std::chrono_literals;

namespace {

/// Answers each of `answers` to one connection after the other, on loopback.
class TinyServer {
public:
    explicit TinyServer(std::vector<std::string> answers) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_, generic, size) == 0);
        REQUIRE(::listen(listener_, 8) == 0);
        REQUIRE(::getsockname(listener_, generic, &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, answers] {
            for (const auto& answer : answers) {
                serve(answer);
            }
        });
    }
    ~TinyServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    /// Call when all answers were taken.
    const std::string& last_request() const { return request_; }

private:
    void serve(const std::string& answer) {
        const int client = ::accept(listener_, nullptr, nullptr);
        if (client < 0) {
            return;
        }
        std::array<char, 1024> buffer{};
        const auto bytes = ::recv(client, buffer.data(), buffer.size(), 0);
        request_.assign(buffer.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        ::close(client);
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::string request_;
    std::thread thread_;
};

const std::string ready = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const std::string starting = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

struct Outcome {
    int exit_code;
    std::string out, err;
};

Outcome check(const std::string& address, std::chrono::seconds wait = std::chrono::seconds(0)) {
    Command command;
    command.kind = CommandKind::healthcheck;
    command.wait = wait;
    std::ostringstream out;
    std::ostringstream err;
    const int code = run_healthcheck(command, {{"PINGD_SERVER__LISTEN", address}}, out, err);
    return Outcome{code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("healthcheck: a ready server is exit code 0", "[app]") {
    const TinyServer server({ready});
    CHECK(check(server.address()).exit_code == exit_ok);
    CHECK(server.last_request().starts_with("GET /readyz HTTP/1.1\r\nHost: " + server.address() + "\r\n"));
}

TEST_CASE("healthcheck: a server that is not ready is exit code 1, with what it said", "[app]") {
    const TinyServer server({starting});
    const auto outcome = check(server.address());
    CHECK(outcome.exit_code == exit_failure);
    CHECK(outcome.err.find("503 Service Unavailable") != std::string::npos);
}

TEST_CASE("healthcheck: with --wait it asks again until the server is ready", "[app]") {
    const TinyServer server({starting, "", ready});
    CHECK(check(server.address(), std::chrono::seconds(30)).exit_code == exit_ok);
}

TEST_CASE("healthcheck: --wait is the most it takes, also from a server that never answers", "[app]") {
    const TinyServer server({});  // its backlog connects
    const auto start = std::chrono::steady_clock::now();
    CHECK(check(server.address(), 1s).err.find("no answer in time") != std::string::npos);
    // One request may take five seconds of its own.
    CHECK(std::chrono::steady_clock::now() - start < 4s);
}

TEST_CASE("healthcheck: nobody there is exit code 1, bad settings are 2", "[app]") {
    std::string address;
    {
        const TinyServer gone({});
        address = gone.address();
    }
    const auto outcome = check(address);
    CHECK(outcome.exit_code == exit_failure);
    CHECK(outcome.err.find("Connection refused") != std::string::npos);
    CHECK(check("nonsense").exit_code == exit_usage);
}
