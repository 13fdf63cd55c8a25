#include "mail/message.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping;
using namespace std::string_literals;

namespace {

const mail::Mailbox sender{"Ping", "ping@example.com"};

mail::Mail make_mail() {
    mail::Mail mail;
    mail.message_id = "job-1";
    mail.to = "ana@example.org";
    mail.subject = "123456 is your Ping code";
    mail.text = "Your code is 123456\n";
    mail.created_at = from_millis(1'795'243'260'123);
    return mail;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("message: one part, byte by byte", "[mail]") {
    const auto text = mail::build_message(make_mail(), sender);
    REQUIRE(text.has_value());
    CHECK(*text ==
          "Date: Sat, 21 Nov 2026 06:41:00 +0000\r\n"
          "From: \"Ping\" <ping@example.com>\r\n"
          "To: ana@example.org\r\n"
          "Subject: 123456 is your Ping code\r\n"
          "Message-ID: <job-1@example.com>\r\n"
          "Auto-Submitted: auto-generated\r\n"
          "MIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n"
          "\r\n"
          "Your code is 123456\r\n");
}

TEST_CASE("message: with HTML it has two alternatives, the better one last", "[mail]") {
    auto mail = make_mail();
    mail.html = "<p class=\"x\">123456</p>";
    const auto text = mail::build_message(mail, sender);
    REQUIRE(text.has_value());
    CHECK(text->find("Content-Type: multipart/alternative; boundary=\"=_ping_part\"") != std::string::npos);
    CHECK(count(*text, "--=_ping_part\r\n") == 2);
    CHECK(text->ends_with("--=_ping_part--\r\n"));
    CHECK(text->find("text/plain") < text->find("text/html"));
    CHECK(text->find("<p class=3D\"x\">123456</p>") != std::string::npos);
}

TEST_CASE("message: names beyond ASCII are encoded, quotes escaped", "[mail]") {
    auto mail = make_mail();
    mail.subject =
        "Gr\xC3\xBC\xC3\x9F"
        "e";
    const auto encoded = mail::build_message(mail, mail::Mailbox{"P\xC3\xAEng", "ping@example.com"});
    REQUIRE(encoded.has_value());
    CHECK(encoded->find("From: =?utf-8?Q?P=C3=AEng?= <ping@example.com>\r\n") != std::string::npos);
    CHECK(encoded->find("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n") != std::string::npos);
    const auto quoted = mail::build_message(mail, mail::Mailbox{"P\"i\\ng", "ping@example.com"});
    REQUIRE(quoted.has_value());
    CHECK(quoted->find("From: \"P\\\"i\\\\ng\" <ping@example.com>\r\n") != std::string::npos);
}

TEST_CASE("T16: a text cannot forge a boundary, a header or an end of data", "[mail]") {
    auto mail = make_mail();
    mail.text = "--=_ping_part--\r\n\r\n.\r\nMAIL FROM:<evil@x>\nBcc: evil@x\0"s;
    mail.html = mail.text;
    const auto text = mail::build_message(mail, sender);
    REQUIRE(text.has_value());
    CHECK(count(*text, "--=_ping_part--") == 1);
    CHECK(text->find("\r\n.") == std::string::npos);
    CHECK(text->find('\0') == std::string::npos);
    CHECK(text->find("\r\nBcc: evil") > text->find("\r\n\r\n"));
}

TEST_CASE("T16: a header value with a line end or NUL is refused", "[mail]") {
    const auto refuses = [](auto change) {
        auto mail = make_mail();
        change(mail);
        return !mail::build_message(mail, sender).has_value();
    };
    CHECK(refuses([](auto& mail) { mail.subject = "x\r\nBcc: evil@x"; }));
    CHECK(refuses([](auto& mail) { mail.subject = "x\n"; }));
    CHECK(refuses([](auto& mail) { mail.subject = "x\0y"s; }));
    CHECK(refuses([](auto& mail) { mail.to = "a@b.c\r\nBcc: evil@x"; }));
    CHECK(refuses([](auto& mail) { mail.to = "a@b.c>\r\nRCPT TO:<evil@x"; }));
    CHECK(refuses([](auto& mail) { mail.message_id = "x>\r\nBcc: evil@x"; }));
    CHECK(refuses([](auto& mail) { mail.message_id = ""; }));
    const auto forged =
        mail::build_message(make_mail(), mail::Mailbox{"P\r\nBcc: evil@x", "ping@example.com"});
    CHECK_FALSE(forged.has_value());
}
