#pragma once

#include "ping/realtime/socketio/engine.hpp"
#include "ping/realtime/socketio/routes.hpp"
#include "support/fake_rng.hpp"
#include "support/http_test_server.hpp"
#include "support/ws_client.hpp"

#include <boost/json/parse.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {

using namespace std::chrono_literals;

/// Notes what a session's listener is told. Loop thread.
class RecordingListener final : public realtime::socketio::EngineListener {
public:
    explicit RecordingListener(realtime::socketio::EngineSocket& socket_in) : socket(socket_in) {}
    void on_text(std::string_view message) override { messages.emplace_back(message); }
    void on_bytes(std::string_view message) override { messages.push_back("bytes " + std::string(message)); }
    void on_upgraded(const http::Request& handshake) override {
        messages.push_back("upgraded " + std::string(handshake.header("cookie")));
    }
    void on_closed(realtime::Departure how) override { departure = how; }

    realtime::socketio::EngineSocket& socket;
    std::vector<std::string> messages;
    std::optional<realtime::Departure> departure;
};

/// An HTTP server whose clock stands still, on its way to serve Socket.IO at `/socket.io`.
class SocketIoServer {
public:
    SocketIoServer() { http.config.limits.per_ip = 0; }

    void start(realtime::socketio::Engine& engine) {
        engine_ = &engine;
        realtime::socketio::mount_engine(http.router, "/socket.io", engine);
        http.start();
    }
    /// Ends everything; call it while the engine is there.
    void stop() {
        bool is_drained = false;
        http.on_loop([&] {
            engine_->close_all(realtime::CloseReason::going_away);
            tasks.spawn("drain", [&]() -> Task<> { return drain(is_drained); });
        });
        // What is left is cut off after a second, and what that leaves is the test's failure.
        for (int tick = 0; tick < 100 && !read(is_drained); ++tick) {
            http.advance(50ms);
        }
        http.stop();
    }

    std::string address(const std::string& query) const { return "/socket.io/?EIO=4&" + query; }
    RawAnswer get(const std::string& query, const std::string& fields = "") {
        auto client = http.connect();
        return client.ask(get_request(query, fields));
    }
    RawAnswer post(const std::string& sid, const std::string& body, const std::string& fields = "") {
        auto client = http.connect();
        return client.ask(post_head(sid, body.size(), fields) + body);
    }
    std::string get_request(const std::string& query, const std::string& fields = "") const {
        return "GET " + address(query) + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }
    std::string post_head(const std::string& sid, std::size_t size, const std::string& fields = "") const {
        return "POST " + address("transport=polling&sid=" + sid) + " HTTP/1.1\r\nHost: a\r\n" + fields +
               "Content-Length: " + std::to_string(size) + "\r\n\r\n";
    }
    std::string poll_request(const std::string& sid, const std::string& fields = "") const {
        return get_request("transport=polling&sid=" + sid, fields);
    }
    RawAnswer poll(const std::string& sid, const std::string& fields = "") {
        return get("transport=polling&sid=" + sid, fields);
    }
    /// A connection with a GET that waits on the server.
    RawClient waiting_poll(const std::string& sid) {
        auto client = http.connect();
        client.send(poll_request(sid));
        http.eventually([&] { return waiting_polls() > 0; });
        return client;
    }
    std::size_t waiting_polls() {
        std::size_t count = 0;
        http.on_loop([&] { count = engine_->waiting_polls(); });
        return count;
    }
    std::size_t sessions() {
        std::size_t count = 0;
        http.on_loop([&] { count = engine_->size(); });
        return count;
    }
    /// The sid of a new polling session.
    std::string open(const std::string& fields = "") { return sid_of(get("transport=polling", fields).body); }
    WsClient connect(const std::string& query = "transport=websocket",
                     const std::map<std::string, std::string>& headers = {}) {
        return WsClient(http.address(), headers, address(query));
    }
    static std::string sid_of(const std::string& open_packet) {
        if (!open_packet.starts_with('0')) {
            throw std::runtime_error("no open packet: " + open_packet);
        }
        return std::string(boost::json::parse(open_packet.substr(1)).at("sid").as_string());
    }

    HttpTestServer http;
    FakeRng rng;
    realtime::OutboxFlusher flusher{http.loop, http.config.limits.outboxes_bytes};
    TaskGroup tasks{http.loop};

private:
    Task<> drain(bool& is_drained) {
        co_await engine_->drain(1s);
        is_drained = true;
    }
    bool read(const bool& flag) {
        bool value = false;
        http.on_loop([&] { value = flag; });
        return value;
    }
    realtime::socketio::Engine* engine_ = nullptr;
};

/// An engine whose sessions' listeners are recorded.
class EngineServer : public SocketIoServer {
public:
    explicit EngineServer(realtime::socketio::EngineOptions options = {})
        : engine_({http.loop, flusher, rng}, options,
                  [this](realtime::socketio::EngineSocket& socket, const http::Request&) {
                      listeners_.push_back(std::make_shared<RecordingListener>(socket));
                      return listeners_.back();
                  }) {
        start(engine_);
    }
    ~EngineServer() { stop(); }

    realtime::socketio::Engine& engine() { return engine_; }
    /// Runs `use` on the loop with the listener of the n-th session.
    void with(std::size_t index, const std::function<void(RecordingListener&)>& use) {
        http.on_loop([&] { use(*listeners_.at(index)); });
    }
    void send(std::size_t index, const std::string& text) {
        with(index, [&](auto& listener) {
            const std::array frames{realtime::Frame::text("4" + text)};
            listener.socket.send(frames);
        });
    }
    std::vector<std::string> messages(std::size_t index = 0) {
        std::vector<std::string> copy;
        with(index, [&](auto& listener) { copy = listener.messages; });
        return copy;
    }
    /// How the session has ended; nothing while it has not.
    std::optional<realtime::Departure> departure(std::size_t index = 0) {
        std::optional<realtime::Departure> copy;
        // What the loop posts to itself may come behind what we post: once around.
        http.on_loop([] {});
        with(index, [&](auto& listener) { copy = listener.departure; });
        return copy;
    }

private:
    std::vector<std::shared_ptr<RecordingListener>> listeners_;
    realtime::socketio::Engine engine_;
};

}  // namespace ping::test
