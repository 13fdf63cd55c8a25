#include "ping/core/log.hpp"
#include "ping/crypto/random.hpp"
#include "ping/http/server.hpp"
#include "ping/realtime/socketio/routes.hpp"
#include "ping/realtime/socketio/server.hpp"

#include <boost/asio/signal_set.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

// The server under test of the two official protocol suites, with the settings that they assume (API.md §6):
//   /engine.io/  every message comes back as it is
//   /socket.io/  namespaces `/` and `/custom`: on connection `auth` with the client's auth object; `message`
//   comes
//                back as `message-back`, `message-with-ack` is acknowledged, both with the same arguments
// On 127.0.0.1 and ::1; the port is the first argument, 3000 without one. Prints "listening" when it is. Ends
// on SIGTERM and SIGINT. For tests alone: what it knows is not part of pingd.
namespace {

using namespace ping;
using namespace ping::realtime::socketio;
using namespace std::chrono_literals;

constexpr std::size_t packet_bytes = 1'000'000;

class EngineEcho final : public EngineListener {
public:
    explicit EngineEcho(EngineSocket& socket) : socket_(socket) {}
    void on_text(std::string_view message) override {
        const std::array frames{realtime::Frame::text("4" + std::string(message))};
        socket_.send(frames);
    }
    void on_bytes(std::string_view message) override {
        const std::array frames{realtime::Frame::binary(message)};
        socket_.send(frames);
    }
    void on_closed(realtime::Departure) override {}

private:
    EngineSocket& socket_;
};

class SocketEcho final : public SocketListener {
public:
    SocketEcho(std::shared_ptr<Socket> socket, std::string auth)
        : socket_(std::move(socket)), auth_(std::move(auth)) {}
    void on_connected() override { socket_->emit(Event{"auth", auth_}); }
    void on_event(Event event, Reply reply) override {
        if (event.name == "message") {
            socket_->emit(Event{"message-back", std::move(event.arguments), std::move(event.attachments)});
        } else if (event.name == "message-with-ack") {
            reply.send(std::move(event.arguments), std::move(event.attachments));
        }
    }
    void on_disconnected(realtime::Departure) override {}

private:
    std::shared_ptr<Socket> socket_;
    std::string auth_;
};

class EveryoneIsWelcome final : public ClientListener {
public:
    Task<Result<std::shared_ptr<SocketListener>>> on_connect(std::shared_ptr<Socket> socket,
                                                             std::string auth) override {
        co_return std::make_shared<SocketEcho>(std::move(socket), std::move(auth));
    }
};

EngineOptions engine_options() {
    EngineOptions options;
    options.ping_interval = 300ms;
    options.ping_timeout = 200ms;
    options.max_packet_bytes = packet_bytes;
    options.first_packet_bytes = packet_bytes;
    options.sessions_per_client = 0;
    options.outbox.bytes = 4 * packet_bytes;  // room for an echo of the largest
    return options;
}

ServerOptions server_options() {
    ServerOptions options;
    options.engine = engine_options();
    options.connect_timeout = 1000ms;
    options.namespaces = {"/", "/custom"};
    return options;
}

Config config_for(std::vector<std::string> listen) {
    Config config;
    config.server.listen = std::move(listen);
    config.limits.per_ip = 0;
    return config;
}

/// Everything in the order of dependence.
class App {
public:
    explicit App(std::vector<std::string> listen) : config_(config_for(std::move(listen))) {
        mount_engine(router_, "/engine.io", engine_);
        mount_engine(router_, "/socket.io", socketio_.engine());
    }

    Result<void> start() { return http_.start(); }
    void run() {
        boost::asio::signal_set signals(loop_.context(), SIGTERM, SIGINT);
        signals.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) {
                tasks_.spawn("stop", [this] { return stop(); });
            }
        });
        loop_.run();
    }

private:
    Task<> stop() {
        http_.stop_accepting();
        engine_.close_all(realtime::CloseReason::going_away);
        socketio_.engine().close_all(realtime::CloseReason::going_away);
        co_await engine_.drain(1s);
        co_await socketio_.engine().drain(1s);
        co_await http_.drain(1s);
        loop_.stop();
    }
    static Task<Result<Identity>> refuse_tokens(std::string_view) {
        co_return errors::unauthenticated("There are no tokens here");
    }

    const Config config_;
    SystemClock clock_;
    SystemRng rng_;
    Metrics metrics_;
    Loop loop_{clock_};
    TaskGroup tasks_{loop_};
    realtime::OutboxFlusher flusher_{loop_, config_.limits.outboxes_bytes};
    Engine engine_{{loop_, flusher_, rng_}, engine_options(), [](EngineSocket& socket, const http::Request&) {
                       return std::make_shared<EngineEcho>(socket);
                   }};
    Server socketio_{{loop_, flusher_, rng_}, tasks_, server_options(), [](const http::Request&) {
                         return std::make_shared<EveryoneIsWelcome>();
                     }};
    http::Router router_;
    http::Server http_{loop_, config_, router_, refuse_tokens, metrics_};
};

}  // namespace

int main(int count, char** arguments) {
    std::signal(SIGPIPE, SIG_IGN);
    log::configure(LogFormat::text, LogLevel::warn);
    const std::string port = count > 1 ? arguments[1] : "3000";
    auto app = std::make_unique<App>(std::vector<std::string>{"127.0.0.1:" + port, "[::1]:" + port});
    auto started = app->start();
    if (!started) {
        // A machine may have no IPv6.
        app = std::make_unique<App>(std::vector<std::string>{"127.0.0.1:" + port});
        started = app->start();
    }
    if (!started) {
        std::fprintf(stderr, "%s\n", started.error().message.c_str());
        return 1;
    }
    std::printf("listening on port %s\n", port.c_str());
    std::fflush(stdout);
    app->run();
    log::flush();
    return 0;
}
