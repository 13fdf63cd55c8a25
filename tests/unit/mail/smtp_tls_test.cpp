#include "support/temp_file.hpp"
#include "unit/mail/smtp_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping;
using mail::SendStatus;
using test::FakeSmtp;
using test::SmtpFixture;

namespace {

/// The server wants a login over STARTTLS; the client trusts its certificate.
struct Fixture {
    test::SmtpManners manners;
    test::TempFile roots;
    explicit Fixture(const test::TestCertificate& made) : roots("roots.pem", made.certificate_pem) {
        manners.certificate = made;
        manners.offer_starttls = true;
        manners.offer_auth = true;
    }
    mail::SmtpOptions options(const std::string& url) const {
        mail::SmtpOptions options;
        options.url = url;
        options.ca_file = roots.path();
        return options;
    }
};

bool any_in_clear(const FakeSmtp& server, const std::string& verb) {
    for (const auto& line : server.commands()) {
        if (line.find("clear: " + verb) == 0) {
            return true;
        }
    }
    return false;
}

/// The mail is to be tried again, and nothing was said that anybody on the way could use.
void check_not_let_in(SmtpFixture& f, const FakeSmtp& server) {
    const auto result = f.send_and_wait("ana@example.org");
    CHECK(result.status == SendStatus::temporary);
    CHECK_FALSE(result.reached);
    CHECK(server.count("AUTH") == 0);
    CHECK(server.count("MAIL") == 0);
}

}  // namespace

TEST_CASE("smtp tls: login and mail go through STARTTLS", "[mail][smtp]") {
    Fixture setup(test::make_certificate("127.0.0.1", true));
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:p%40ss@")));
    const auto result = f.send_and_wait("ana@example.org");
    INFO(result.detail);
    REQUIRE(result.status == SendStatus::sent);
    REQUIRE(server.mails().size() == 1);
    CHECK(server.mails()[0].was_tls);
    CHECK(server.count("AUTH") == 1);
    CHECK_FALSE(any_in_clear(server, "AUTH"));
    CHECK_FALSE(any_in_clear(server, "MAIL"));
}

TEST_CASE("smtp tls: smtps speaks TLS from the first byte", "[mail][smtp]") {
    Fixture setup(test::make_certificate("127.0.0.1", true));
    setup.manners.is_tls_from_start = true;
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:pass@", "smtps")));
    CHECK(f.send_and_wait("ana@example.org").status == SendStatus::sent);
    CHECK_FALSE(any_in_clear(server, ""));
}

TEST_CASE("T17: without a clean STARTTLS there is no login and no mail in clear", "[mail][smtp]") {
    struct Attack {
        const char* name;
        bool offer_starttls;
        const char* reply;
    };
    const auto attack = GENERATE(
        Attack{"stripped from the greeting", false, "220 go\r\n"},
        Attack{"bytes slipped in before the handshake", true, "220 go\r\n250 evil\r\n"},
        Attack{"a whole session slipped in", true,
               "220 go\r\n250-fake\r\n250 AUTH PLAIN\r\n235 in\r\n250 ok\r\n"},
        Attack{"refused for good", true, "502 no\r\n"}, Attack{"refused for now", true, "454 later\r\n"});
    INFO(attack.name);
    Fixture setup(test::make_certificate("127.0.0.1", true));
    setup.manners.offer_starttls = attack.offer_starttls;
    setup.manners.starttls_reply = attack.reply;
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:pass@")));
    check_not_let_in(f, server);
}

TEST_CASE("T17: smtps does not fall back to a server that speaks in clear", "[mail][smtp]") {
    const Fixture setup(test::make_certificate("127.0.0.1", true));
    FakeSmtp server;
    SmtpFixture f(server, setup.options(server.url("ping:pass@", "smtps")));
    check_not_let_in(f, server);
}

TEST_CASE("T17: a certificate of an unknown issuer or another host is a retryable error", "[mail][smtp]") {
    const auto wrong_host = test::make_certificate("mail.example.com", false);
    const auto unknown = test::make_certificate("127.0.0.1", true);
    Fixture setup(wrong_host);
    for (const auto& shown : {wrong_host, unknown}) {
        setup.manners.certificate = shown;
        FakeSmtp server(setup.manners);
        SmtpFixture f(server, setup.options(server.url("ping:pass@")));
        check_not_let_in(f, server);
    }
}

TEST_CASE("smtp tls: a refused login is the set-up's fault, not the mail's", "[mail][smtp]") {
    Fixture setup(test::make_certificate("127.0.0.1", true));
    setup.manners.auth_reply = "535 wrong\r\n";
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:hunter2@")));
    const auto result = f.send_and_wait("ana@example.org");
    CHECK(result.status == SendStatus::temporary);
    CHECK_FALSE(result.reached);
    CHECK(result.reply_code == 535);
    CHECK(result.detail.find("hunter2") == std::string::npos);
    CHECK(server.count("MAIL") == 0);
}
