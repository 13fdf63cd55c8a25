#include "support/fake_smtp.hpp"
#include "support/test_app.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace std::chrono_literals;
using ping::test::FakeSmtp;
using ping::test::SmtpScript;
using ping::test::TestApp;

namespace {

/// Real time: a mail goes through threads and sockets.
template <class Predicate>
bool eventually(Predicate is_true) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!is_true() && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
    }
    return is_true();
}

std::size_t mails_to(const FakeSmtp& server, const std::string& address) {
    std::size_t count = 0;
    for (const auto& mail : server.mails()) {
        count += mail.to.at(0) == address ? 1 : 0;
    }
    return count;
}

std::string code_in(const FakeSmtp::Mail& mail) {
    return mail.data.substr(mail.data.find("Subject: ") + 9, 6);
}

int ask(const TestApp& app, const std::string& email) {
    return app.client().post("/api/v1/login", {{"email", email}}).status;
}

int verify(const TestApp& app, const std::string& email, const std::string& code) {
    return app.client().post("/api/v1/verify", {{"email", email}, {"otp", code}}).status;
}

bool has_metric(const TestApp& app, const std::string& line) {
    return app.client().get("/metrics").text.find("\nping_mail_" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("T7: a new code kills the old one", "[auth][mail]") {
    TestApp app;
    REQUIRE(ask(app, "ana@example.com") == 200);
    const auto old = app.wait_for_code("ana@example.com");
    app.advance(61s);
    REQUIRE(ask(app, "ana@example.com") == 200);
    const auto fresh = app.wait_for_code("ana@example.com", old);
    CHECK(verify(app, "ana@example.com", old) == 400);
    CHECK(verify(app, "ana@example.com", fresh) == 200);
}

TEST_CASE("T7: a mail that still waits when its code is replaced is not sent", "[auth][mail]") {
    FakeSmtp server;
    server.script("hold@example.com", {SmtpScript::At::rcpt, SmtpScript::Do::hang, {}, 1});
    TestApp app([&](ping::Config& config) {
        config.mail.smtp_url = server.url();
        config.mail.workers = 1;
    });
    REQUIRE(ask(app, "hold@example.com") == 200);
    REQUIRE(server.wait_for_hang());
    REQUIRE(ask(app, "ana@example.com") == 200);
    app.advance(61s);
    REQUIRE(ask(app, "ana@example.com") == 200);
    server.release();
    REQUIRE(eventually([&] { return mails_to(server, "ana@example.com") == 1; }));
    CHECK(eventually([&] { return has_metric(app, "superseded_total 1"); }));
    app.advance(61s);
    CHECK(eventually([&] { return mails_to(server, "hold@example.com") == 1; }));
    CHECK(mails_to(server, "ana@example.com") == 1);
    CHECK(verify(app, "ana@example.com", code_in(server.mails()[0])) == 200);
}

TEST_CASE("T8: a code is good for 300 s, and its mail is not sent after that", "[auth][mail]") {
    FakeSmtp server;
    const auto busy = SmtpScript{SmtpScript::At::rcpt, SmtpScript::Do::reply, "450 later\r\n", 1};
    server.script("late@example.com", busy);
    TestApp app([&](ping::Config& config) { config.mail.smtp_url = server.url(); });
    for (const auto* email : {"in.time@example.com", "too.late@example.com", "late@example.com"}) {
        REQUIRE(ask(app, email) == 200);
    }
    REQUIRE(eventually([&] { return server.mails().size() == 2 && has_metric(app, "retried_total 1"); }));
    app.advance(299s);
    for (const auto& mail : server.mails()) {
        if (mail.to.at(0) == "in.time@example.com") {
            CHECK(verify(app, mail.to[0], code_in(mail)) == 200);
        }
    }
    app.advance(2s);
    for (const auto& mail : server.mails()) {
        if (mail.to.at(0) == "too.late@example.com") {
            CHECK(verify(app, mail.to[0], code_in(mail)) == 400);
        }
    }
    CHECK(eventually([&] { return has_metric(app, "expired_total 1"); }));
    CHECK(mails_to(server, "late@example.com") == 0);
}

TEST_CASE("T8: a mail that waited through a restart is not sent when its code has died", "[auth][mail]") {
    auto gone = std::make_unique<FakeSmtp>();
    const auto port = gone->port();
    TestApp app([&](ping::Config& config) { config.mail.smtp_url = gone->url(); });
    gone.reset();
    REQUIRE(ask(app, "ana@example.com") == 200);
    REQUIRE(ask(app, "bo@example.com") == 200);
    REQUIRE(eventually([&] { return has_metric(app, "retried_total 2"); }));
    app.restart();
    app.advance(301s);
    const FakeSmtp server(ping::test::SmtpManners(), port);
    REQUIRE(ask(app, "cy@example.com") == 200);
    REQUIRE(eventually([&] { return server.mails().size() == 1; }));
    CHECK(mails_to(server, "cy@example.com") == 1);
    CHECK(eventually([&] { return has_metric(app, "expired_total 2") && has_metric(app, "sent_total 1"); }));
}

TEST_CASE("dev mailbox: the page and the JSON show what came, newest first", "[mail]") {
    TestApp app;
    const auto empty = app.client().get("/dev/mailbox");
    CHECK(empty.status == 200);
    CHECK(empty.headers.at("content-type") == "text/html; charset=utf-8");
    CHECK(empty.text.find("No mail yet") != std::string::npos);
    REQUIRE(ask(app, "ana@example.com") == 200);
    const auto code = app.wait_for_code("ana@example.com");
    REQUIRE(ask(app, "bo&co@example.com") == 200);
    app.wait_for_code("bo&co@example.com");
    const auto page = app.client().get("/dev/mailbox").text;
    CHECK(page.find("<strong>" + code + "</strong>") != std::string::npos);
    CHECK(page.find("bo&amp;co@example.com") < page.find("ana@example.com"));
    const auto mails = app.client().get("/dev/mailbox.json").json.as_array();
    REQUIRE(mails.size() == 2);
    CHECK(mails[1].at("to") == "ana@example.com");
    CHECK(mails[1].at("subject").as_string().starts_with(code));
    CHECK(mails[1].at("text").as_string().find(code) != std::string::npos);
    CHECK(mails[1].at("html").as_string().find(code) != std::string::npos);
    CHECK(mails[1].at("sentAt").as_string() == ping::to_iso8601(app.clock().now()));
}

TEST_CASE("dev mailbox: its page gets its style and nothing else", "[mail]") {
    TestApp app;
    CHECK(app.client()
              .get("/dev/mailbox")
              .headers.at("content-security-policy")
              .starts_with("default-src 'none'; style-src 'self';"));
    const auto style = app.client().get("/dev/mailbox.css");
    CHECK(style.status == 200);
    CHECK(style.headers.at("content-type") == "text/css; charset=utf-8");
    CHECK(app.client().request("GET", "/dev/mailbox.css", {{"Host", "evil.example"}}, "").status == 404);
}
