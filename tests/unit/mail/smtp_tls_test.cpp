#include "unit/mail/smtp_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace ping;
using mail::SendStatus;
using test::FakeSmtp;
using test::SmtpFixture;

namespace {

/// A file that is gone at the end of the test.
class TempFile {
public:
    explicit TempFile(const std::string& text) {
        char path[] = "/tmp/ping-mail-XXXXXX";
        ::close(::mkstemp(path));
        path_ = path;
        std::ofstream(path_) << text;
    }
    ~TempFile() { ::unlink(path_.c_str()); }
    TempFile(const TempFile&) = delete;
    TempFile& operator=(const TempFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// The server wants a login over STARTTLS; the client trusts its certificate.
struct Fixture {
    test::SmtpManners manners;
    TempFile roots;
    explicit Fixture(const test::TestCertificate& made) : roots(made.certificate_pem) {
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

TEST_CASE("T17: without STARTTLS there is no login and no mail in clear", "[mail][smtp]") {
    Fixture setup(test::make_certificate("127.0.0.1", true));
    setup.manners.offer_starttls = false;
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:pass@")));
    const auto result = f.send_and_wait("ana@example.org");
    CHECK(result.status == SendStatus::temporary);
    CHECK_FALSE(result.reached);
    CHECK(server.count("AUTH") == 0);
    CHECK(server.count("MAIL") == 0);
}

TEST_CASE("T17: bytes slipped in before the handshake end the session", "[mail][smtp]") {
    Fixture setup(test::make_certificate("127.0.0.1", true));
    setup.manners.starttls_reply = "220 go\r\n250 evil\r\n";
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:pass@")));
    const auto result = f.send_and_wait("ana@example.org");
    CHECK(result.status == SendStatus::temporary);
    CHECK(server.count("AUTH") == 0);
    CHECK(server.count("MAIL") == 0);
}

TEST_CASE("T17: a refused STARTTLS ends the session", "[mail][smtp]") {
    Fixture setup(test::make_certificate("127.0.0.1", true));
    setup.manners.starttls_reply = "502 no\r\n";
    FakeSmtp server(setup.manners);
    SmtpFixture f(server, setup.options(server.url("ping:pass@")));
    CHECK(f.send_and_wait("ana@example.org").status == SendStatus::temporary);
    CHECK(server.count("AUTH") == 0);
    CHECK(server.count("MAIL") == 0);
}

TEST_CASE("T17: a certificate of an unknown issuer or another host is a retryable error", "[mail][smtp]") {
    const auto wrong_host = test::make_certificate("mail.example.com", false);
    const auto unknown = test::make_certificate("127.0.0.1", true);
    Fixture setup(wrong_host);
    for (const auto& shown : {wrong_host, unknown}) {
        setup.manners.certificate = shown;
        FakeSmtp server(setup.manners);
        SmtpFixture f(server, setup.options(server.url("ping:pass@")));
        const auto result = f.send_and_wait("ana@example.org");
        CHECK(result.status == SendStatus::temporary);
        CHECK_FALSE(result.reached);
        CHECK(server.count("AUTH") == 0);
        CHECK(server.count("MAIL") == 0);
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
