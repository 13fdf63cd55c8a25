#include "integration/socketio_people.hpp"
#include "integration/socketio_polling.hpp"
#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"

#include <catch2/catch.hpp>

// Who is at the other end of a Socket.IO connection (API.md §6).

using namespace std::chrono_literals;
using ping::test::count;
using ping::test::message_ids;
using ping::test::PollingClient;
using ping::test::SocketIoClient;
using ping::test::SocketIoPeople;
using ping::test::WsClient;

namespace {

using Headers = SocketIoClient::Headers;

std::string origin_of(const SocketIoPeople& two) {
    return "http://" + two.app.address();
}

}  // namespace

TEST_CASE("socketio identity: by the packet, by the header, by the cookie of an allowed page", "[socketio]") {
    SocketIoPeople two;
    const auto is_ana = [&](SocketIoClient& client) {
        return client.next("getOnlineUser").as_array().at(0) == boost::json::value(two.ana.id);
    };
    SECTION("packet") {
        SocketIoClient client(two.app.address());
        client.connect({{"token", two.ana.token}});
        CHECK(is_ana(client));
    }
    SECTION("header") {
        SocketIoClient client(two.app.address(), {{"Authorization", "Bearer " + two.ana.token}});
        client.connect();
        CHECK(is_ana(client));
    }
    SECTION("cookie, on another port of this host") {
        SocketIoClient client(two.app.address(), {{"Cookie", "a=b; token=" + two.ana.token},
                                                  {"Origin", "http://localhost:3000"}});
        client.connect();
        CHECK(is_ana(client));
    }
    SECTION("the packet goes before the header, and that before the cookie") {
        SocketIoClient client(two.app.address(), {{"Authorization", "Bearer " + two.bo.token},
                                                  {"Cookie", "token=" + two.bo.token},
                                                  {"Origin", origin_of(two)}});
        client.connect({{"token", two.ana.token}});
        CHECK(is_ana(client));
        SocketIoClient other(two.app.address(), {{"Authorization", "Bearer " + two.ana.token},
                                                 {"Cookie", "token=" + two.bo.token},
                                                 {"Origin", origin_of(two)}});
        other.connect();
        CHECK(is_ana(other));
    }
    SECTION("whom the query names does not count") {
        SocketIoClient client(two.app.address(), {}, "&userId=" + two.bo.id);
        client.connect({{"token", two.ana.token}});
        CHECK(is_ana(client));
    }
}

TEST_CASE("socketio identity: a bad token is a refusal, whatever else there is", "[socketio]") {
    SocketIoPeople two;
    SocketIoClient client(two.app.address(),
                          {{"Cookie", "token=" + two.ana.token}, {"Origin", origin_of(two)}});
    boost::json::object auth;
    SECTION("not a token") {
        auth["token"] = "nonsense";
    }
    SECTION("not even a text") {
        auth["token"] = 7;
    }
    CHECK(client.connect(auth).at("message") == "Please Login - JWT error");
    CHECK_FALSE(client.is_connected());
    CHECK(client.wait_for_close().code == 4401);
}

TEST_CASE("T27: a cookie counts only with an allowed origin, a foreign one is refused before the upgrade",
          "[socketio][T27]") {
    SocketIoPeople two;
    const Headers cookie{{"Cookie", "token=" + two.ana.token}};
    SocketIoClient without(two.app.address(), cookie);
    CHECK(without.connect().at("message") == "Please Login - No auth header");
    for (const std::string origin : {"http://evil.example", "null", "http://127.0.0.1.evil.example",
                                     "http://evil-localhost:3000", "HTTP://LOCALHOST:3000"}) {
        INFO(origin);
        auto headers = cookie;
        headers["Origin"] = origin;
        CHECK_THROWS(SocketIoClient(two.app.address(), headers));
        CHECK(two.app.client().request("GET", PollingClient::path, headers, {}).status == 403);
    }
}

TEST_CASE("T29: a polling client without a token hears nothing and is refused after ten seconds",
          "[socketio][T29]") {
    SocketIoPeople two;
    PollingClient victim(two.app, "&userId=" + two.bo.id, {{"Cookie", "token=" + two.bo.token}});
    CHECK(victim.post("40").text == "ok");
    auto bo = two.connect(two.bo);
    for (int i = 0; i < 100; ++i) {
        two.say("message " + std::to_string(i));
    }
    CHECK(message_ids(bo.pending()).size() == 100);
    two.app.advance(9s);
    CHECK(two.app.metric("ping_connections") == 1);
    two.app.advance(1100ms);
    const auto answer = victim.poll();
    CHECK(answer.starts_with(R"(44{"message":"Please Login - No auth header")"));
    CHECK(answer.find("message 1") == std::string::npos);
    CHECK(victim.poll() == "1");
    CHECK(victim.poll().find("Session ID unknown") != std::string::npos);
}

TEST_CASE("T29: a WebSocket without a token is refused, whatever user its query names", "[socketio][T29]") {
    SocketIoPeople two;
    SocketIoClient client(two.app.address(), {}, "&userId=" + two.bo.id);
    CHECK(client.connect().at("data").at("code") == "unauthenticated");
    CHECK(client.wait_for_close().code == 4401);
}

TEST_CASE("socketio identity: a polling client waits for the cookie that its upgrade brings", "[socketio]") {
    SocketIoPeople two;
    PollingClient polling(two.app, "&userId=" + two.bo.id, {{"Origin", "http://localhost:3000"}});
    CHECK(polling.post("40").text == "ok");
    WsClient socket(two.app.address(),
                    {{"Cookie", "token=" + two.ana.token}, {"Origin", "http://localhost:3000"}},
                    "/socket.io/?EIO=4&transport=websocket&sid=" + polling.sid());
    socket.send_text("2probe");
    CHECK(socket.receive_text() == "3probe");
    CHECK(two.app.metric("ping_connections") == 0);
    socket.send_text("5");
    CHECK(socket.receive_text().starts_with("40{"));
    CHECK(socket.receive_text() == R"(42["getOnlineUser",[")" + two.ana.id + R"("]])");
}

TEST_CASE("T31: another's sid opens nothing to who has another token", "[socketio][T31]") {
    SocketIoPeople two;
    PollingClient ana(two.app, {}, {{"Authorization", "Bearer " + two.ana.token}});
    CHECK(ana.post("40").text == "ok");
    ana.wait_for("getOnlineUser");
    const auto stolen = ana.target();
    CHECK(two.bo.api.get(stolen).status == 400);
    CHECK(two.app.client().get(stolen).status == 400);
    CHECK(two.bo.api.post_text(stolen, "42[\"x\"]").status == 400);
    two.say("for Ana");
    ana.wait_for("for Ana");
}

TEST_CASE("T23: the end of a session closes its Socket.IO connections, with the reason", "[socketio][T23]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    PollingClient polling(two.app, {}, {{"Authorization", "Bearer " + two.ana.token}});
    polling.post("40");
    polling.wait_for("getOnlineUser");
    static_cast<void>(ana.pending());
    REQUIRE(two.ana.api.post("/api/v1/logout", boost::json::object()).status == 200);
    CHECK(ana.next("sessionEnded").at("reason") == "revoked");
    const auto ending = ana.wait_for_close();
    CHECK(ending.was_told);
    CHECK(ending.code == 4401);
    CHECK(polling.wait_for("sessionEnded").ends_with("41"));
    CHECK(polling.poll() == "1");
    CHECK(two.app.metric("ping_connections") == 0);
}

TEST_CASE("socketio identity: an expired token ends the connection within a minute", "[socketio]") {
    SocketIoPeople two([](ping::Config& config) { config.auth.token_lifetime = 30s; });
    auto ana = two.connect(two.ana);
    two.app.advance(24s);
    static_cast<void>(ana.pending());
    two.app.advance(7s);
    CHECK(ana.next("sessionEnded").at("reason") == "expired");
    CHECK(ana.wait_for_close().was_told);
}

TEST_CASE("socketio identity: the query's user is trusted only where the operator says so, loudly",
          "[socketio]") {
    SocketIoPeople two([](ping::Config& config) { config.compat.trust_query_user_id = true; });
    SECTION("a user") {
        ping::test::CapturedStderr captured;
        ping::log::configure(ping::LogFormat::text, ping::LogLevel::warn);
        two.app.restart();
        SocketIoClient client(two.app.address(), {}, "&userId=" + two.bo.id);
        client.connect();
        REQUIRE(client.is_connected());
        CHECK(client.next("getOnlineUser").as_array().at(0) == boost::json::value(two.bo.id));
        ping::log::flush();
        const auto log = captured.take();
        CHECK(log.find("socketio.trusts_query_user_id") != std::string::npos);
        CHECK(log.find("socketio.trusted_query_user_id") != std::string::npos);
        ping::log::configure(ping::LogFormat::text, ping::LogLevel::error);
    }
    SECTION("a token goes before it") {
        SocketIoClient client(two.app.address(), {}, "&userId=" + two.bo.id);
        client.log_in(two.ana.token);
        CHECK(client.next("getOnlineUser").as_array().at(0) == boost::json::value(two.ana.id));
    }
    SECTION("nobody") {
        for (const std::string id : {"0123456789abcdef01234567", "x", ""}) {
            SocketIoClient client(two.app.address(), {}, "&userId=" + id);
            client.connect();
            CHECK_FALSE(client.is_connected());
        }
    }
}
