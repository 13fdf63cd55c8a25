#include "engineio_fixture.hpp"
#include "ping/realtime/event.hpp"
#include "ping/realtime/socketio/server.hpp"

#include <catch2/catch.hpp>

#include <list>

using namespace ping::realtime;
using namespace ping::realtime::socketio;
using namespace std::chrono_literals;
using ping::Result;
using ping::Task;

namespace {

/// Notes what one socket is told. Loop thread.
class RecordingSocket final : public SocketListener {
public:
    explicit RecordingSocket(std::shared_ptr<Socket> socket_in) : socket(std::move(socket_in)) {}
    void on_connected() override { is_connected = true; }
    void on_event(Event event, Reply reply) override {
        events.push_back(event.name + "|" + event.arguments + "|" + std::to_string(event.attachments.size()));
        replies.push_back(std::move(reply));
    }
    void on_disconnected(Departure how) override { departure = how; }

    std::shared_ptr<Socket> socket;
    std::vector<std::string> events;
    std::list<Reply> replies;  ///< unanswered
    std::optional<Departure> departure;
    bool is_connected = false;
};

/// Decides as its auth says: `"no"` refuses, `"throw"` throws, `"wait"` waits for an upgrade, all else is
/// welcome.
class Doorman final : public ClientListener {
public:
    Doorman(ping::Loop& loop, std::vector<std::shared_ptr<RecordingSocket>>& sockets)
        : upgraded_(loop), sockets_(sockets) {}
    void on_upgraded(const ping::http::Request&) override { upgraded_.set(); }
    Task<Result<std::shared_ptr<SocketListener>>> on_connect(std::shared_ptr<Socket> socket,
                                                             std::string auth) override {
        if (auth.find("no") != std::string::npos) {
            co_return ping::errors::unauthenticated("Please Login - JWT error");
        }
        if (auth.find("throw") != std::string::npos) {
            throw std::runtime_error("secret detail");
        }
        if (auth.find("wait") != std::string::npos) {
            co_await upgraded_.wait_for(10s);
        }
        sockets_.push_back(std::make_shared<RecordingSocket>(std::move(socket)));
        co_return sockets_.back();
    }

private:
    ping::AsyncEvent upgraded_;
    std::vector<std::shared_ptr<RecordingSocket>>& sockets_;
};

class TestServer : public ping::test::SocketIoServer {
public:
    TestServer() { start(server_.engine()); }
    ~TestServer() { stop(); }

    /// A WebSocket that has sent these and has had its open packet read.
    ping::test::WsClient client(const std::vector<std::string>& messages = {"40"}) {
        auto socket = connect();
        socket.receive_text();
        for (const auto& message : messages) {
            socket.send_text(message);
        }
        return socket;
    }
    ping::test::WsClient connected() {
        auto socket = client();
        CHECK(socket.receive_text().starts_with(R"(40{"sid":")"));
        return socket;
    }
    void with(std::size_t index, const std::function<void(RecordingSocket&)>& use) {
        http.on_loop([&] { use(*sockets_.at(index)); });
    }
    /// On the loop only.
    Socket& on_loop_socket(std::size_t index) { return *sockets_.at(index)->socket; }
    std::size_t count() {
        std::size_t size = 0;
        http.on_loop([&] { size = sockets_.size(); });
        return size;
    }
    std::vector<std::string> events(std::size_t index = 0) {
        std::vector<std::string> copy;
        with(index, [&](auto& socket) { copy = socket.events; });
        return copy;
    }
    std::optional<Departure> departure(std::size_t index = 0) {
        std::optional<Departure> copy;
        with(index, [&](auto& socket) { copy = socket.departure; });
        return copy;
    }

private:
    static ServerOptions options() {
        ServerOptions options;
        options.namespaces = {"/", "/a", "/b", "/c", "/d"};
        return options;
    }
    std::vector<std::shared_ptr<RecordingSocket>> sockets_;
    Server server_{{http.loop, flusher, rng}, tasks, options(), [this](const ping::http::Request&) {
                       return std::make_shared<Doorman>(http.loop, sockets_);
                   }};
};

}  // namespace

TEST_CASE("socketio: a refusal says why, and who is in no namespace is closed", "[socketio]") {
    TestServer server;
    auto refused = server.client({R"(40{"token":"no"})"});
    CHECK(refused.receive_text() ==
          R"(44{"message":"Please Login - JWT error","data":{"code":"unauthenticated"}})");
    CHECK(refused.read_to_end().close_code == 4401);

    auto failed = server.client({R"(40{"token":"throw"})"});
    CHECK(failed.receive_text() == R"(44{"message":"Internal server error","data":{"code":"internal"}})");
    CHECK(failed.read_to_end().close_code == 4401);

    auto partly = server.client({"40", R"(40/a,{"token":"no"})"});
    CHECK(partly.receive_text().starts_with("40{"));
    CHECK(partly.receive_text().starts_with("44/a,{"));
    partly.send_text(R"(42["still here"])");
    CHECK(server.http.eventually([&] { return server.events().size() == 1; }));
    CHECK(server.count() == 1);
}

TEST_CASE("socketio: by polling a refusal is fetched before the end", "[socketio]") {
    TestServer server;
    const auto sid = server.open();
    CHECK(server.post(sid, R"(40{"token":"no"})").body == "ok");
    const auto answer = server.poll(sid).body;
    CHECK(answer.starts_with(R"(44{"message":"Please Login - JWT error")"));
    CHECK(server.poll(sid).body == "1");
    CHECK(server.poll(sid).status == 400);
}

TEST_CASE("T42: who leaves a namespace before the decision is closed, so that no more decisions wait",
          "[socketio][T42]") {
    TestServer server;
    const auto sid = server.open();
    std::string packets = R"(40{"token":"wait"})";
    for (int i = 0; i < 49; ++i) {
        packets +=
            "\x1e"
            "41\x1e"
            R"(40{"token":"wait"})";
    }
    CHECK(server.post(sid, packets).body == "ok");
    CHECK(server.poll(sid).body == "1");
    CHECK(server.post(sid, "40").status == 400);
    auto socket = server.client({R"(40{"token":"wait"})", "41"});
    CHECK(socket.read_to_end().close_code == 1008);
    CHECK(server.count() == 0);
}

TEST_CASE("socketio: a decision may wait for the upgrade", "[socketio]") {
    TestServer server;
    const auto sid = server.open();
    CHECK(server.post(sid, R"(40{"token":"wait"})").body == "ok");
    auto socket = server.connect("transport=websocket&sid=" + sid);
    socket.send_text("2probe");
    CHECK(socket.receive_text() == "3probe");
    CHECK(server.count() == 0);
    socket.send_text("5");
    CHECK(socket.receive_text().starts_with("40{"));
    CHECK(server.count() == 1);
}

TEST_CASE("socketio: an event that was encoded once reaches every transport", "[socketio]") {
    TestServer server;
    auto by_socket = server.connected();
    const auto sid = server.open();
    server.post(sid, "40");
    CHECK(server.poll(sid).body.starts_with("40{"));
    const auto data = boost::json::parse(R"({"text":"hi"})");
    OutgoingEvent event("newMessage", data);
    server.http.on_loop([&] {
        for (std::size_t i = 0; i < 2; ++i) {
            server.on_loop_socket(i).send(event.frame(WireFormat::socketio));
        }
    });
    CHECK(by_socket.receive_text() == R"(42["newMessage",{"text":"hi"}])");
    CHECK(server.poll(sid).body == R"(42["newMessage",{"text":"hi"}])");
}

TEST_CASE("socketio: with too many events unanswered a client is not read", "[socketio]") {
    TestServer server;
    auto socket = server.connected();
    for (int i = 0; i < 40; ++i) {
        socket.send_text("42" + std::to_string(i) + R"(["e"])");
    }
    REQUIRE(server.http.eventually([&] { return server.events().size() == 32; }));
    for (int turn = 0; turn < 100; ++turn) {
        server.http.on_loop([] {});
    }
    CHECK(server.events().size() == 32);
    server.with(0, [](auto& listener) {
        listener.replies.front().send(R"("done")");
        listener.replies.pop_front();
    });
    CHECK(socket.receive_text() == R"(430["done"])");
    CHECK(server.http.eventually([&] { return server.events().size() == 33; }));
    server.with(0, [](auto& listener) { listener.replies.clear(); });
    CHECK(server.http.eventually([&] { return server.events().size() == 40; }));
}

TEST_CASE("T40: a client is in four namespaces at most, and in each once", "[socketio][T40]") {
    TestServer server;
    SECTION("five") {
        auto socket = server.client({"40", "40/a,", "40/b,", "40/c,"});
        for (int i = 0; i < 4; ++i) {
            socket.receive_text();
        }
        CHECK_FALSE(server.departure(3));
        socket.send_text("40/d,");
        CHECK(socket.read_to_end().close_code == 1008);
        CHECK(server.departure(0) == Departure::lost);
        CHECK(server.departure(3) == Departure::lost);
    }
    SECTION("twice") {
        auto socket = server.client({"40", "40"});
        CHECK(socket.receive_text().starts_with("40{"));
        socket.send_text(R"(421["e"])");
        REQUIRE(server.http.eventually([&] { return server.events().size() == 1; }));
        server.with(0, [](auto& listener) { listener.replies.front().send(""); });
        CHECK(socket.receive_text() == "431[]");
        CHECK(server.count() == 1);
    }
    SECTION("one that does not exist takes no place") {
        auto socket = server.client({"40/x", "40/y", "40/z", "40/u", "40/v", "40"});
        for (int i = 0; i < 5; ++i) {
            CHECK(socket.receive_text().starts_with("44/"));
        }
        CHECK(socket.receive_text().starts_with("40{"));
    }
}

TEST_CASE("socketio: packets for a namespace the client is not in close it", "[socketio]") {
    TestServer server;
    for (const auto* const packet : {R"(42["e"])", "41", "430[]", R"(42/a,["e"])"}) {
        INFO(packet);
        auto socket = server.client({packet});
        CHECK(socket.read_to_end().close_code == 1008);
    }
}

TEST_CASE("socketio: deadlines for the first namespace and for attachments", "[socketio]") {
    TestServer server;
    SECTION("no namespace") {
        // Three quarters of a minute: longer than a ping interval.
        const auto sid = server.open();
        auto first = server.waiting_poll(sid);
        server.http.advance(25s);
        CHECK(first.read_answer()->body == "2");
        server.post(sid, "3");
        auto second = server.waiting_poll(sid);
        server.http.advance(20'100ms);
        CHECK(second.read_answer()->body == "1");
        CHECK(server.poll(sid).status == 400);
    }
    SECTION("attachments that do not come") {
        auto socket = server.connected();
        socket.send_text(R"(452-["e",{"_placeholder":true,"num":0}])");
        socket.send_binary("x");
        socket.send_text("3");
        REQUIRE(server.http.eventually([&] {
            server.http.advance(50ms);
            return server.departure().has_value();
        }));
        CHECK(socket.read_to_end().close_code == 1008);
        CHECK(server.events().empty());
    }
    SECTION("attachments that do") {
        auto socket = server.connected();
        socket.send_text(R"(451-["e",{"_placeholder":true,"num":0}])");
        socket.send_binary("x");
        REQUIRE(server.http.eventually([&] { return server.events().size() == 1; }));
        server.http.advance(11s);
        CHECK_FALSE(server.departure());
    }
}

TEST_CASE("socketio: a packet is a departure on purpose, a broken connection is not", "[socketio]") {
    TestServer server;
    SECTION("packet") {
        auto socket = server.connected();
        socket.send_text("41");
        CHECK(server.http.eventually([&] { return server.departure() == Departure::goodbye; }));
    }
    SECTION("break") {
        auto socket = server.connected();
        socket.cut();
        CHECK(server.http.eventually([&] { return server.departure() == Departure::lost; }));
    }
    // What is sent to who has left goes nowhere.
    server.with(0, [](auto& listener) { listener.socket->emit(Event{"late"}); });
}
