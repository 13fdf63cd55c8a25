// What steps of the wall clock do to the application (TRUST.md T57, F12): the steady clock goes on.
#include "support/test_app.hpp"
#include "support/ws_client.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace std::chrono_literals;
using namespace ping::test;

namespace {

const std::string ana = "ana@example.com";

int status_of(const ApiClient& api) {
    return api.get("/api/v1/me").status;
}

std::string created_at(const ApiAnswer& sent) {
    REQUIRE(sent.status == 201);
    return std::string(sent.json.at("message").at("createdAt").as_string());
}

}  // namespace

TEST_CASE("T57 F12: steps of the clock keep sessions, refuse expired tokens and bring none back", "[auth]") {
    TestApp app;
    auto& clock = app.clock();
    const auto start = clock.now();
    const auto person = app.log_in(ana);
    const auto ended = app.log_in("bo@example.com");
    REQUIRE(ended.api.post("/api/v1/logout", boost::json::object()).status == 200);
    const auto end = start + 15 * 24h;

    clock.set_now(start - 10s);
    CHECK(status_of(person.api) == 200);
    clock.set_now(start + 1h);
    CHECK(status_of(person.api) == 200);
    clock.set_now(start - 1h);
    // Made in the future, it seems: refused until the clock is there again (T21).
    CHECK(status_of(person.api) == 401);
    CHECK(status_of(ended.api) == 401);
    clock.set_now(end - 1s);
    CHECK(status_of(person.api) == 200);
    for (const auto late : {end, end + 60s, end + 1h}) {
        clock.set_now(late);
        CHECK(status_of(person.api) == 401);
        CHECK(status_of(ended.api) == 401);
    }
    // A start while the clock is an hour fast, and then it is set right: what was ended stays so.
    app.restart();
    clock.set_now(end - 1h);
    CHECK(status_of(app.client(ended.token)) == 401);
    CHECK(status_of(app.client(person.token)) == 200);
}

TEST_CASE("T57 F12: beyond 2038 logins, codes and messages work as before", "[auth][codes]") {
    TestApp app;
    app.clock().set_now(ping::from_millis(2'147'483'647'000) - 1s);
    const auto person = app.log_in(ana);
    const auto bo = app.log_in("bo@example.com");
    const auto chat = app.new_chat(person, bo);
    app.advance(2s);
    CHECK(status_of(person.api) == 200);
    const auto sent = person.api.post("/api/v1/message", {{"chatId", chat}, {"text", "hello, future"}});
    CHECK(created_at(sent).starts_with("2038-01-19T03:14:08"));
    app.clock().set_now(ping::from_millis(4'102'444'800'000));  // 2100
    CHECK(status_of(person.api) == 401);
    const auto later = app.log_in("cy@example.com");
    CHECK(status_of(later.api) == 200);
}

TEST_CASE("T57 F12: createdAt of a chat never goes back, whatever the clock does", "[chats]") {
    TestApp app;
    const auto person = app.log_in(ana);
    const auto bo = app.log_in("bo@example.com");
    const auto chat = app.new_chat(person, bo);
    const auto start = app.clock().now();
    std::string last;
    for (const auto step : {0s, 3600s, 0s, -10s, 3590s, -20s, 7200s}) {
        app.clock().set_now(start + step);
        const auto sent = bo.api.post("/api/v1/message", {{"chatId", chat}, {"text", "tick"}});
        const auto at = created_at(sent);
        CHECK(at >= last);  // equal while the clock catches up: seq has the order
        last = at;
    }
}

TEST_CASE("T57 F12: deadlines and waits of limits go by the steady clock", "[auth][ws]") {
    TestApp app([](ping::Config& config) {
        config.limits.per_ip = 100;
        config.limits.logins_per_ip_burst = 1;
    });
    const auto person = app.log_in(ana);
    const auto ask = [&] { return app.client().post("/api/v1/login", {{"email", "bo@example.com"}}).status; };
    const auto start = app.clock().now();
    WsClient silent(app.address());  // must log in within 5 s
    app.clock().set_now(start + 1h);
    app.advance(0s);
    CHECK(ask() == 429);
    CHECK(silent.log_in(person.token).at("userId") == boost::json::value(person.id));
    WsClient late(app.address());
    app.clock().set_now(start - 10s);
    app.advance(6s);
    CHECK(late.wait_for_close() == 4401);
    CHECK(ask() == 200);
}
