// Sessions: their list and their end (API.md §3, TRUST.md T23).
#include "support/at_once.hpp"
#include "support/test_app.hpp"
#include "support/ws_client.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace ping::test;

namespace {

const std::string ana = "ana@example.com";

/// A code for somebody who has logged in before.
std::string next_code(TestApp& app, const std::string& email) {
    const auto old = app.wait_for_code(email);
    app.advance(61s);
    REQUIRE(app.client().post("/api/v1/login", {{"email", email}}).status == 200);
    return app.wait_for_code(email, old);
}

TestApp::Person log_in_with(TestApp& app, const std::string& email, const std::string& code) {
    const auto answer = app.client().post("/api/v1/verify", {{"email", email}, {"otp", code}});
    REQUIRE(answer.status == 200);
    const std::string token(answer.json.at("token").as_string());
    return {std::string(answer.json.at("user").at("_id").as_string()), token, app.client(token)};
}

boost::json::array sessions_of(const ApiClient& api) {
    const auto answer = api.get("/api/v1/me/sessions");
    REQUIRE(answer.status == 200);
    return answer.json.at("sessions").as_array();
}

TestApp::Person log_in_again(TestApp& app, const std::string& email) {
    return log_in_with(app, email, next_code(app, email));
}

std::string text(const boost::json::value& session, const char* field) {
    return std::string(session.at(field).as_string());
}

int status_of(const ApiClient& api) {
    return api.get("/api/v1/me").status;
}

}  // namespace

TEST_CASE("sessions: the list says which is which, newest first", "[auth]") {
    TestApp app;
    const auto first = app.log_in(ana);
    const auto created = ping::to_iso8601(app.clock().now());
    const auto second = log_in_again(app, ana);
    app.log_in("bo@example.com");
    const auto list = sessions_of(second.api);
    REQUIRE(list.size() == 2);
    CHECK(list[0].at("current") == true);
    CHECK(list[1].at("current") == false);
    CHECK(text(list[1], "createdAt") == created);
    CHECK(text(list[0], "createdAt") > created);
    CHECK(text(list[0], "expiresAt") > text(list[1], "expiresAt"));
    CHECK(text(list[0], "sid").size() == 24);
    CHECK(text(list[0], "device").empty());
    CHECK(sessions_of(first.api)[0].at("current") == false);
}

TEST_CASE("sessions: the device is what the browser called itself at the login", "[auth]") {
    TestApp app;
    REQUIRE(app.client().post("/api/v1/login", {{"email", ana}}).status == 200);
    const boost::json::value body{{"email", ana}, {"otp", app.wait_for_code(ana)}};
    const auto answer =
        app.client().request("POST", "/api/v1/verify",
                             {{"Content-Type", "application/json"}, {"User-Agent", "Firefox on a fridge"}},
                             boost::json::serialize(body));
    REQUIRE(answer.status == 200);
    const auto api = app.client(std::string(answer.json.at("token").as_string()));
    CHECK(text(sessions_of(api)[0], "device") == "Firefox on a fridge");
}

TEST_CASE("sessions: when one was last seen is kept over a restart and costs no write per request",
          "[auth]") {
    TestApp app;
    const auto first = app.log_in(ana);
    const auto second = log_in_again(app, ana);
    app.advance(1h);
    const auto seen = ping::to_iso8601(app.clock().now());
    const auto before = app.metric("ping_db_group_jobs_total");
    for (int i = 0; i < 50; ++i) {
        CHECK(status_of(first.api) == 200);
    }
    CHECK(app.metric("ping_db_group_jobs_total") - before < 10);
    app.advance(10min);
    CHECK(text(sessions_of(second.api)[1], "lastSeenAt") == seen);
    app.restart();
    CHECK(text(sessions_of(app.client(second.token))[1], "lastSeenAt") == seen);
}

TEST_CASE("sessions: one with an open socket is seen now, and at its close", "[auth][ws]") {
    TestApp app;
    const auto first = app.log_in(ana);
    const auto second = log_in_again(app, ana);
    const auto last_seen = [&] { return text(sessions_of(second.api)[1], "lastSeenAt"); };
    WsClient socket(app.address());
    socket.log_in(first.token);
    app.advance(15s);
    const auto while_open = ping::to_iso8601(app.clock().now());
    CHECK(last_seen() == while_open);
    socket.close();
    app.settle();
    app.advance(3min);
    CHECK(last_seen() == while_open);
}

TEST_CASE("sessions: ending one ends its token and its socket, and no other", "[auth][ws]") {
    TestApp app;
    const auto first = app.log_in(ana);
    const auto second = log_in_again(app, ana);
    const auto bo = app.log_in("bo@example.com");
    WsClient socket(app.address());
    socket.log_in(first.token);
    WsClient other(app.address());
    other.log_in(second.token);
    const auto sid = text(sessions_of(second.api)[1], "sid");
    const auto target = "/api/v1/me/sessions/" + sid;

    CHECK(bo.api.request("DELETE", target, {}, "").status == 404);
    CHECK(second.api.request("DELETE", "/api/v1/me/sessions/xyz", {}, "").status == 400);
    CHECK(status_of(first.api) == 200);
    const auto ended = second.api.request("DELETE", target, {}, "");
    CHECK(ended.status == 200);
    CHECK(ended.message() == "Session ended");
    CHECK_FALSE(ended.headers.contains("set-cookie"));
    CHECK(first.api.get("/api/v1/me").message() == "Please Login - Session expired");
    CHECK(socket.next("sessionEnded").at("reason") == "revoked");
    CHECK(socket.wait_for_close() == 4401);
    CHECK(second.api.request("DELETE", target, {}, "").status == 404);
    CHECK(sessions_of(second.api).size() == 1);
    other.send("none", nullptr, 1);
    CHECK(other.acknowledgement(1).at("error").is_object());

    const auto own = text(sessions_of(second.api)[0], "sid");
    const auto left = second.api.request("DELETE", "/api/v1/me/sessions/" + own, {}, "");
    CHECK(left.status == 200);
    CHECK(left.headers.at("set-cookie").find("Max-Age=0") != std::string::npos);
    CHECK(status_of(second.api) == 401);
    CHECK(other.wait_for_close() == 4401);
}

TEST_CASE("sessions: one login too many ends the oldest, at once and on its socket", "[auth][ws]") {
    TestApp app([](ping::Config& config) { config.auth.max_sessions = 2; });
    const auto first = app.log_in(ana);
    const auto second = log_in_again(app, ana);
    const auto code = next_code(app, ana);
    WsClient socket(app.address());
    socket.log_in(first.token);
    const auto third = log_in_with(app, ana, code);
    CHECK(status_of(first.api) == 401);
    CHECK(socket.wait_for_close() == 4401);
    CHECK(status_of(second.api) == 200);
    CHECK(status_of(third.api) == 200);
}

TEST_CASE("T23: after a logout 1000 calls at once with the old token are all refused", "[auth][ws]") {
    TestApp app;
    const auto person = app.log_in(ana);
    WsClient socket(app.address());
    socket.log_in(person.token);
    REQUIRE(person.api.post("/api/v1/logout", boost::json::object()).status == 200);
    const auto call =
        request_text("GET", "/api/v1/me", nullptr, {{"Authorization", "Bearer " + person.token}});
    const auto answers = send_at_once(app.address(), std::vector<std::string>(1000, call));
    CHECK(count_status(answers, 401) == 1000);
    CHECK(socket.wait_for_close() == 4401);
    WsClient again(app.address(), {{"Authorization", "Bearer " + person.token}});
    CHECK(again.wait_for_close() == 4401);
    app.restart();
    CHECK(status_of(app.client(person.token)) == 401);
}

TEST_CASE("T23: logout-all ends every session and socket of the user and nobody else's", "[auth][ws]") {
    TestApp app;
    const auto first = app.log_in(ana);
    const auto second = log_in_again(app, ana);
    const auto bo = app.log_in("bo@example.com");
    WsClient socket(app.address());
    socket.log_in(second.token);
    const auto answer = first.api.post("/api/v1/logout-all", boost::json::object());
    REQUIRE(answer.status == 200);
    CHECK(answer.headers.at("set-cookie").find("Max-Age=0") != std::string::npos);
    CHECK(status_of(first.api) == 401);
    CHECK(status_of(second.api) == 401);
    CHECK(socket.wait_for_close() == 4401);
    CHECK(status_of(bo.api) == 200);
    app.restart();
    CHECK(status_of(app.client(first.token)) == 401);
    CHECK(status_of(app.client(second.token)) == 401);
}

TEST_CASE("sessions: what was ended stays so until its own token ends, whatever lifetime is set meanwhile",
          "[auth]") {
    TestApp app;
    const auto person = app.log_in(ana);
    app.change_config([](ping::Config& config) { config.auth.token_lifetime = 1h; });
    app.restart();
    // Ended under the short lifetime, but its token was made under the long one.
    REQUIRE(app.client(person.token).post("/api/v1/logout", boost::json::object()).status == 200);
    app.advance(15 * 24h - 1min);
    CHECK(status_of(app.client(person.token)) == 401);
    app.restart();
    CHECK(status_of(app.client(person.token)) == 401);
}

TEST_CASE("auth: the scheme of the Authorization header has no case, on HTTP and on sockets", "[auth][ws]") {
    TestApp app;
    const auto person = app.log_in(ana);
    for (const auto* scheme : {"bearer ", "BEARER ", "Bearer  "}) {
        const std::map<std::string, std::string> headers{{"Authorization", scheme + person.token}};
        CHECK(app.client().request("GET", "/api/v1/me", headers, "").status == 200);
        WsClient socket(app.address(), headers);
        CHECK(socket.next("hello").at("userId") == boost::json::value(person.id));
    }
}
