// What a login tells and sends, whoever asks (TRUST.md T9, T11, T13).
#include "integration/login_fixture.hpp"
#include "integration/stored_codes.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace ping::test;

TEST_CASE("T9: an address that could be another key is refused and reaches no store", "[auth][codes]") {
    TestApp app;
    const std::vector<std::string> addresses{"ratelimit:v@x.io",
                                             "a:b@x.io",
                                             "a b@x.io",
                                             "a@x .io",
                                             "a@x.io\r\nBcc: b@x.io",
                                             "a\n@x.io",
                                             "a\r@x.io",
                                             "\"a\"@x.io",
                                             "'a' or 1@x.io",
                                             "a@x.io:6379",
                                             "a@x",
                                             "@x.io",
                                             "a@[1.2.3.4]",
                                             "\xC4\xB1@x.io",
                                             "a@\xEF\xBC\xA0x.io",
                                             "a\x7f@x.io",
                                             "a\t@x.io",
                                             "a*@x.io/../",
                                             "otp:ratelimit:a@b",
                                             std::string("a\0b@x.io", 8)};
    for (const auto& address : addresses) {
        CAPTURE(address);
        const auto asked = app.client().post("/api/v1/login", {{"email", address}});
        CHECK(asked.status == 400);
        CHECK(asked.json.at("code") == "bad_email");
        const auto verified = app.client().post("/api/v1/verify", guess(address, "123456"));
        CHECK(verified.status == 400);
        CHECK(verified.message() == "Invalid or expired OTP");
    }
    CHECK(StoredCodes(app).is_empty());
    CHECK(DatabaseFile(app.database_file()).number("SELECT count(*) FROM users") == 0);
    CHECK(app.client().get("/dev/mailbox.json").text == "[]");
}

TEST_CASE("T11: wrong, absent, expired, used, spent, locked and foreign codes get the same bytes",
          "[auth][codes]") {
    TestApp app;
    const Target expired(app, "expired@example.com");
    const Target used(app, "used@example.com");
    REQUIRE(verify(app, used.email, used.code) == 200);
    app.advance(301s);
    const Target live(app, "live@example.com");
    const Target spent(app, "spent@example.com");
    for (const auto& code : wrong_codes(5, spent.code)) {
        verify(app, spent.email, code);
    }
    StoredCodes(app).lock("locked@example.com");
    const std::map<std::string, boost::json::value> classes{
        {"wrong", guess(live.email, wrong_codes(1, live.code)[0])},
        {"absent", guess("nobody@example.com", "123456")},
        {"expired", guess(expired.email, expired.code)},
        {"used", guess(used.email, used.code)},
        {"spent", guess(spent.email, spent.code)},
        {"locked", guess("locked@example.com", "123456")},
        {"flow of another", guess(live.email, live.code, std::string(32, '0'))},
        {"no code", guess(live.email, "12345")},
        {"no address", guess("nobody", "123456")}};
    const std::string id = "same-for-all";
    std::set<std::string> answers;
    for (const auto& [name, body] : classes) {
        RawClient client(app.address());
        const auto answer = client.ask(request_text("POST", "/api/v1/verify", body, {{"X-Request-Id", id}}));
        CAPTURE(name, answer.head, answer.body);
        CHECK(answer.status == 400);
        CHECK(answer.header("x-request-id") == id);
        answers.insert(answer.head + answer.body);
    }
    CHECK(answers.size() == 1);
}

TEST_CASE("T11: a refused verify is one write, whatever it was refused for", "[auth]") {
    TestApp app;
    const Target used(app, "used@example.com");
    REQUIRE(verify(app, used.email, used.code) == 200);
    const Target live(app, "live@example.com");
    const auto wrong = wrong_codes(1, live.code)[0];
    // The mail thread may look into the queue in between.
    constexpr int tries = 50;
    constexpr int strays = 10;
    for (const auto& body : {guess(live.email, wrong), guess(live.email, wrong, live.flow),
                             guess(used.email, used.code), guess("nobody@example.com", "123456")}) {
        const auto before = app.metric("ping_db_group_jobs_total");
        for (int i = 0; i < tries; ++i) {
            REQUIRE(app.client().post("/api/v1/verify", body).status == 400);
        }
        const auto writes = app.metric("ping_db_group_jobs_total") - before;
        CHECK(writes >= tries);
        CHECK(writes <= tries + strays);
    }
}

TEST_CASE("T13: 500 logins of one address at once send one mail", "[auth][codes]") {
    TestApp app;
    const std::vector<std::string> requests(500, request_text("POST", "/api/v1/login", {{"email", ana}}));
    const auto answers = send_at_once(app.address(), requests);
    CHECK(count_status(answers, 200) == 1);
    CHECK(count_status(answers, 429) == 499);
    for (const auto& answer : answers) {
        CHECK((answer.status == 200 || answer.header("retry-after") == "60"));
    }
    app.wait_for_code(ana);
    app.settle();
    CHECK(app.client().get("/dev/mailbox.json").json.as_array().size() == 1);
}

TEST_CASE("T13: one address on the network may ask for 60 mails at once, 20 more a minute and 2000 a day",
          "[auth]") {
    TestApp app([](ping::Config& config) {
        config.limits.per_ip = 100;
        config.limits.logins_per_ip_per_day = 70;  // 2000, were the test to wait for them
    });
    int number = 0;
    const auto ask = [&] {
        const auto email = "user" + std::to_string(++number) + "@example.com";
        return app.client().post("/api/v1/login", {{"email", email}});
    };
    for (int i = 0; i < 60; ++i) {
        REQUIRE(ask().status == 200);
    }
    const auto refused = ask();
    CHECK(refused.status == 429);
    CHECK(refused.headers.at("retry-after") == "3");
    app.advance(3s);
    CHECK(ask().status == 200);
    CHECK(ask().status == 429);
    app.advance(1min);
    for (int i = 0; i < 9; ++i) {
        CHECK(ask().status == 200);
    }
    const auto enough = ask();
    CHECK(enough.status == 429);
    CHECK(std::stoi(enough.headers.at("retry-after")) > 600);
}
