// Guessing codes over real HTTP (TRUST.md T1-T3, T5, T6).
#include "integration/login_fixture.hpp"
#include "integration/stored_codes.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace ping::test;

TEST_CASE("T1: after 200 wrong guesses five were compared and the right code is dead", "[auth][codes]") {
    TestApp app;
    const Target target(app);
    for (const auto& code : wrong_codes(200, target.code)) {
        REQUIRE(verify(app, ana, code) == 400);
    }
    CHECK(app.metric("ping_otp_compared_total") == 5);
    CHECK(verify(app, ana, target.code) == 400);
}

TEST_CASE("T1 T2: of 1000 guesses at once five are compared, and five more that know the flow",
          "[auth][codes]") {
    TestApp app;
    const Target target(app);
    const auto codes = wrong_codes(1000, target.code);
    const auto unbound = send_at_once(app.address(), guesses(ana, codes));
    CHECK(count_status(unbound, 400) == 1000);
    CHECK(app.metric("ping_otp_compared_total") == 5);
    CHECK(verify(app, ana, target.code) == 400);
    const auto bound = send_at_once(app.address(), guesses(ana, codes, target.flow));
    CHECK(count_status(bound, 400) == 1000);
    CHECK(app.metric("ping_otp_compared_total") == 10);
    CHECK(verify(app, ana, target.code, target.flow) == 400);
    CHECK(DatabaseFile(app.database_file()).number("SELECT count(*) FROM sessions") == 0);
}

TEST_CASE("T3: 2000 addresses get 15 guesses before the first lock and 60 in a day, whatever the codes",
          "[auth][codes]") {
    TestApp app([](ping::Config& config) {
        config.limits.per_ip = 100;
        config.server.trusted_proxies = {"127.0.0.1"};
    });
    const auto body = guess(ana, "000000");
    const auto compared = [&] { return app.metric("ping_otp_compared_total"); };
    int codes = 0;
    int address = 0;
    double before_lock = 0;
    std::chrono::seconds passed{0};
    while (passed < 24h) {
        const auto asked = app.client().post("/api/v1/login", {{"email", ana}});
        if (asked.status == 200) {
            ++codes;
            std::vector<std::string> requests;
            for (int i = 0; i < 200; ++i, ++address) {
                const auto client =
                    "10.0." + std::to_string(address / 250) + "." + std::to_string(address % 250);
                requests.push_back(
                    request_text("POST", "/api/v1/verify", body, {{"X-Forwarded-For", client}}));
            }
            CHECK(count_status(send_at_once(app.address(), requests), 400) == 200);
            continue;
        }
        REQUIRE(asked.status == 429);
        if (before_lock == 0 && asked.json.at("code") == "locked") {
            before_lock = compared();
        }
        const std::chrono::seconds wait(std::stoi(asked.headers.at("retry-after")));
        app.advance(wait);
        passed += wait;
    }
    CHECK(codes == 10);
    CHECK(address == 2000);
    CHECK(before_lock == 15);
    CHECK(compared() <= 60);
}

TEST_CASE("T5: at the ceiling the alarm is raised, accounts lock at five, and the right digits still log in",
          "[auth][codes]") {
    TestApp app;
    const Target attacked(app, "attacked@example.com");
    const Target fresh(app);
    CHECK(app.metric("ping_otp_ceiling_reached") == 0);
    StoredCodes(app).add_failures_of_all(19'999, app.clock().now());
    for (const auto& code : wrong_codes(10, attacked.code)) {
        CHECK(verify(app, attacked.email, code, attacked.flow) == 400);
    }
    CHECK(app.metric("ping_otp_failures_24h") == 20'004);
    CHECK(app.metric("ping_otp_ceiling_reached") == 1);
    CHECK(app.metric("ping_otp_compared_total") == 5);
    app.advance(61s);
    const auto refused = app.client().post("/api/v1/login", {{"email", attacked.email}});
    CHECK(refused.status == 429);
    CHECK(refused.json.at("code") == "locked");
    CHECK(verify(app, fresh.email, fresh.code) == 200);
}

TEST_CASE(
    "T6: the same right code a thousand times at once opens one session, also when the store gets it back",
    "[auth][codes]") {
    TestApp app;
    const Target target(app);
    const DatabaseFile file(app.database_file());
    StoredCodes stored(app);
    stored.save(ana);
    const std::vector<std::string> codes(1000, target.code);
    const auto answers = send_at_once(app.address(), guesses(ana, codes, target.flow));
    CHECK(count_status(answers, 200) == 1);
    CHECK(count_status(answers, 400) == 999);
    CHECK(file.number("SELECT count(*) FROM sessions") == 1);

    stored.restore(ana);
    const auto replayed = app.client().post("/api/v1/verify", guess(ana, target.code, target.flow));
    CHECK(replayed.status == 400);
    CHECK(replayed.message() == "Invalid or expired OTP");
    CHECK(file.number("SELECT count(*) FROM sessions") == 1);
}

TEST_CASE("login: one address on the network has 100 wrong guesses in 15 minutes, also in parallel",
          "[auth][codes]") {
    TestApp app([](ping::Config& config) { config.limits.per_ip = 100'000; });
    const Target target(app);
    std::vector<std::string> requests;
    for (int i = 0; i < 300; ++i) {
        const auto email = "user" + std::to_string(i) + "@example.com";
        requests.push_back(request_text("POST", "/api/v1/verify", guess(email, "000000")));
    }
    const auto answers = send_at_once(app.address(), requests);
    CHECK(count_status(answers, 400) == 100);
    CHECK(count_status(answers, 429) == 200);
    const auto refused = app.client().post("/api/v1/verify", guess(ana, target.code));
    CHECK(refused.status == 429);
    CHECK(refused.headers.at("retry-after") == "9");
    app.advance(9s);
    CHECK(verify(app, ana, target.code) == 200);
    CHECK(verify(app, "user0@example.com", "000000") == 400);  // what the right code had paid was given back
}
