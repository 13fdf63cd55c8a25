#include "support/test_app.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::test::TestApp;

TEST_CASE("login: a code that came by mail opens a session", "[auth][codes]") {
    TestApp app;
    const auto asked = app.client().post("/api/v1/login", {{"email", "  Ana@Example.com "}});
    REQUIRE(asked.status == 200);
    CHECK(asked.message() == "OTP has been sent to your email");
    CHECK(asked.json.at("resendIn") == 60);
    CHECK(asked.json.at("expiresIn") == 300);
    const auto code = app.wait_for_code("ana@example.com");
    const auto answer = app.client().post(
        "/api/v1/verify",
        {{"email", "ana@example.com"}, {"otp", code}, {"flowId", asked.json.at("flowId").as_string()}});
    REQUIRE(answer.status == 200);
    CHECK(answer.message() == "User Verified");
    CHECK(answer.json.at("user").at("name") == "ana");
    CHECK(answer.json.at("user").at("email") == "ana@example.com");
    CHECK(answer.headers.at("set-cookie").find("HttpOnly; SameSite=Lax") != std::string::npos);
    const std::string token(answer.json.at("token").as_string());
    const auto me = app.client(token).get("/api/v1/me");
    REQUIRE(me.status == 200);
    CHECK(me.json.at("_id") == answer.json.at("user").at("_id"));
}

TEST_CASE("login: a second login of the same address is the same user", "[auth][codes]") {
    TestApp app;
    const auto first = app.log_in("ana@example.com");
    const auto old = app.wait_for_code("ana@example.com");
    app.advance(61s);
    REQUIRE(app.client().post("/api/v1/login", {{"email", "ana@example.com"}}).status == 200);
    const auto code = app.wait_for_code("ana@example.com", old);
    const auto second = app.client().post("/api/v1/verify", {{"email", "ana@example.com"}, {"otp", code}});
    REQUIRE(second.status == 200);
    CHECK(second.json.at("user").at("_id") == boost::json::value(first.id));
}

TEST_CASE("login: asking again within a minute is refused with the time to wait", "[auth][codes]") {
    TestApp app;
    REQUIRE(app.client().post("/api/v1/login", {{"email", "ana@example.com"}}).status == 200);
    const auto again = app.client().post("/api/v1/login", {{"email", "ana@example.com"}});
    CHECK(again.status == 429);
    CHECK(again.headers.at("retry-after") == "60");
    CHECK_FALSE(again.message().empty());
    app.advance(60s);
    CHECK(app.client().post("/api/v1/login", {{"email", "ana@example.com"}}).status == 200);
}

TEST_CASE("login: a code works once, for 300 s, and five wrong guesses end it", "[auth][codes]") {
    TestApp app;
    const std::string email = "ana@example.com";
    const auto verify = [&](const std::string& code) {
        return app.client().post("/api/v1/verify", {{"email", email}, {"otp", code}});
    };
    REQUIRE(app.client().post("/api/v1/login", {{"email", email}}).status == 200);
    const auto code = app.wait_for_code(email);
    const std::string wrong = code == "000000" ? "000001" : "000000";

    SECTION("once") {
        CHECK(verify(code).status == 200);
        const auto again = verify(code);
        CHECK(again.status == 400);
        CHECK(again.message() == "Invalid or expired OTP");
    }
    SECTION("at 299 s it is good") {
        app.advance(299s);
        CHECK(verify(code).status == 200);
    }
    SECTION("at 301 s it is not") {
        app.advance(301s);
        CHECK(verify(code).status == 400);
    }
    SECTION("five wrong guesses end it") {
        for (int guess = 0; guess < 5; ++guess) {
            CHECK(verify(wrong).message() == "Invalid or expired OTP");
        }
        CHECK(verify(code).status == 400);
    }
    SECTION("four do not") {
        for (int guess = 0; guess < 4; ++guess) {
            CHECK(verify(wrong).status == 400);
        }
        CHECK(verify(code).status == 200);
    }
}

TEST_CASE("login: bad input is a clear 400 and sends nothing", "[auth]") {
    TestApp app;
    const auto body = GENERATE(as<std::string>(), R"({})", R"({"email":null})", R"({"email":5})",
                               R"({"email":["a@b.io"]})", R"({"email":{"$ne":null}})", R"({"email":"no-at"})",
                               R"({"email":"a b@c.io"})", R"({"email":"ratelimit:v@x.io"})",
                               R"({"email":"a@b.io\r\nBcc: c@d.io"})", R"({"email":"\"q\"@x.io"})",
                               R"({"email":"a@b.io","email":"c@d.io"})", "[]", "5", "", "{", "\xff\xfe");
    const auto answer = app.client().post_text("/api/v1/login", body);
    CAPTURE(body, answer.text);
    CHECK(answer.status == 400);
    CHECK_FALSE(answer.message().empty());
    CHECK(answer.json.at("status") == 400);
    CHECK(answer.json.at("requestId") == boost::json::value(answer.headers.at("x-request-id")));
    CHECK(app.client().get("/dev/mailbox.json").text == "[]");
}

TEST_CASE("verify: missing fields are named", "[auth]") {
    TestApp app;
    const auto answer = app.client().post("/api/v1/verify", {{"email", "ana@example.com"}});
    CHECK(answer.status == 400);
    CHECK(answer.message() == "Email and OTP Required");
}

TEST_CASE("auth: every route but the open ones asks for a token", "[auth]") {
    TestApp app;
    for (const auto& route : app.router().routes()) {
        if (route.options.auth == ping::http::Auth::none) {
            continue;
        }
        std::string target = route.pattern;
        for (auto colon = target.find(':'); colon != std::string::npos; colon = target.find(':')) {
            target.replace(colon, target.find('/', colon) - colon, "aaaaaaaaaaaaaaaaaaaaaaaa");
        }
        const std::string method = route.method == ping::http::Method::post    ? "POST"
                                   : route.method == ping::http::Method::patch ? "PATCH"
                                   : route.method == ping::http::Method::del   ? "DELETE"
                                                                               : "GET";
        const auto none = app.client().request(method, target, {}, "");
        CAPTURE(method, target, none.text);
        CHECK(none.status == 401);
        CHECK(none.message() == "Please Login - No auth header");
        const auto bad = app.client("not.a.token").request(method, target, {}, "");
        CHECK(bad.status == 401);
        CHECK(bad.message() == "Please Login - JWT error");
    }
}

TEST_CASE("sessions survive a restart and end after 15 days", "[auth]") {
    TestApp app;
    const auto ana = app.log_in("ana@example.com");
    app.restart();
    CHECK(app.client(ana.token).get("/api/v1/me").status == 200);
    app.advance(15 * 24h + 1s);
    CHECK(app.client(ana.token).get("/api/v1/me").status == 401);
}

TEST_CASE("login: the limit per address counts an IPv6 subscriber's /64 as one", "[auth]") {
    TestApp app([](ping::Config& config) {
        config.limits.per_ip = 100;
        config.limits.logins_per_ip_burst = 1;
        config.server.trusted_proxies = {"127.0.0.1"};
    });
    const auto log_in_from = [&](const std::string& client, const std::string& email) {
        const boost::json::value body{{"email", email}};
        const std::map<std::string, std::string> headers{{"Content-Type", "application/json"},
                                                         {"X-Forwarded-For", client}};
        return app.client().request("POST", "/api/v1/login", headers, boost::json::serialize(body)).status;
    };
    CHECK(log_in_from("2001:db8:1:2::1", "ana@example.com") == 200);
    CHECK(log_in_from("2001:db8:1:2:3::4", "bo@example.com") == 429);
    CHECK(log_in_from("2001:db8:1:3::1", "cy@example.com") == 200);
    CHECK(log_in_from("192.0.2.1", "dee@example.com") == 200);
    CHECK(log_in_from("192.0.2.2", "eve@example.com") == 200);
    CHECK(log_in_from("192.0.2.2", "fay@example.com") == 429);
}

TEST_CASE("users: pages of the list and of a search meet without gap or overlap", "[users]") {
    TestApp app;
    const auto ana = app.log_in("ana@example.com");
    for (const auto* email : {"ana.b@example.com", "ana.c@example.com", "bo@example.com"}) {
        app.log_in(email);
    }
    const auto walk = [&](std::string target) {
        std::vector<std::string> names;
        while (!target.empty()) {
            const auto answer = ana.api.get(target);
            REQUIRE(answer.status == 200);
            for (const auto& user : answer.json.as_array()) {
                names.emplace_back(user.at("name").as_string());
            }
            const auto link = answer.headers.find("link");
            target.clear();
            if (link != answer.headers.end()) {
                CHECK(link->second.ends_with("; rel=\"next\""));
                target = link->second.substr(1, link->second.find('>') - 1);
            }
        }
        return names;
    };
    using Names = std::vector<std::string>;
    CHECK(walk("/api/v1/user/all?limit=2") == Names{"ana", "ana.b", "ana.c", "bo"});
    CHECK(walk("/api/v1/user/all?limit=1&search=ANA") == Names{"ana", "ana.b", "ana.c"});
    CHECK(walk("/api/v1/user/all?search=ana.") == Names{"ana.b", "ana.c"});
    CHECK(walk("/api/v1/user/all?search=na").empty());
    for (const auto* cursor : {"x", "", ".", "ffffffffffffffffffffffff", "ffffffffffffffffffffffff.!"}) {
        CHECK(ana.api.get(std::string("/api/v1/user/all?before=") + cursor).status == 400);
    }
}

TEST_CASE("users: a rename is trimmed, checked and answered with a token", "[users]") {
    TestApp app;
    const auto ana = app.log_in("ana@example.com");
    const auto renamed = ana.api.post("/api/v1/update/user", {{"name", "  Ana Banana "}});
    REQUIRE(renamed.status == 200);
    CHECK(renamed.message() == "User Updated");
    CHECK(renamed.json.at("user").at("name") == "Ana Banana");
    CHECK(app.client(std::string(renamed.json.at("token").as_string())).get("/api/v1/me").status == 200);
    CHECK(ana.api.post("/api/v1/update/user", {{"name", "   "}}).status == 400);
    CHECK(ana.api.post("/api/v1/update/user", {{"name", std::string(51, 'x')}}).status == 400);
    CHECK(ana.api.get("/api/v1/me").json.at("name") == "Ana Banana");
}

TEST_CASE("T15: an address in capitals is the same account", "[auth]") {
    TestApp app;
    const auto first = app.log_in("a@x.io");
    app.advance(61s);
    const auto old = app.wait_for_code("a@x.io");
    REQUIRE(app.client().post("/api/v1/login", {{"email", " A@X.io "}}).status == 200);
    const auto code = app.wait_for_code("a@x.io", old);
    const auto answer = app.client().post("/api/v1/verify", {{"email", "A@x.IO"}, {"otp", code}});
    REQUIRE(answer.status == 200);
    CHECK(answer.json.at("user").at("_id") == boost::json::value(first.id));
}

TEST_CASE("dev mailbox: answers to this machine alone", "[mail]") {
    TestApp app;
    CHECK(app.client().get("/dev/mailbox.json").status == 200);
    for (const auto* host : {"evil.example", "[::1].evil.example", "[localhost]evil.example",
                             "localhost:evil.example", "127.0.0.1:80:evil"}) {
        CAPTURE(host);
        CHECK(app.client().request("GET", "/dev/mailbox.json", {{"Host", host}}, "").status == 404);
        CHECK(app.client().request("GET", "/metrics", {{"Host", host}}, "").status == 403);
    }
    CHECK(app.client().request("GET", "/dev/mailbox.json", {{"X-Forwarded-For", "1.2.3.4"}}, "").status ==
          404);
    CHECK(app.client().request("GET", "/dev/mailbox", {{"Forwarded", "for=1.2.3.4"}}, "").status == 404);
}
