#include "mail/smtp_dialog.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::mail;

namespace {

/// Takes all that waits to be sent.
std::string flush(SmtpDialog& dialog) {
    const std::string out(dialog.output());
    dialog.sent(out.size());
    return out;
}

SmtpDialog dialog_at_dot(const std::string& text = "text\r\n") {
    SmtpDialog dialog("ping@example.com", "ana@example.org", text);
    for (const char* reply : {"250 ok\r\n", "250 ok\r\n", "354 go on\r\n"}) {
        flush(dialog);
        dialog.receive(reply);
    }
    return dialog;
}

}  // namespace

TEST_CASE("smtp dialog: hands a mail over", "[mail][smtp]") {
    SmtpDialog dialog("ping@example.com", "ana@example.org", "text\r\n");
    CHECK(flush(dialog) == "MAIL FROM:<ping@example.com>\r\n");
    dialog.receive("250-yes\r\n25");
    CHECK(dialog.output().empty());
    dialog.receive("0 ok\r\n");
    CHECK(flush(dialog) == "RCPT TO:<ana@example.org>\r\n");
    dialog.receive("251 forwarded\r\n");
    CHECK(flush(dialog) == "DATA\r\n");
    dialog.receive("354\r\n");
    CHECK(flush(dialog) == "text\r\n.\r\n");
    CHECK_FALSE(dialog.result());
    dialog.receive("250 taken\r\n");
    REQUIRE(dialog.result());
    CHECK(dialog.result()->status == SendStatus::sent);
    CHECK(dialog.result()->reply_code == 250);
}

TEST_CASE("T16: the dialog doubles dots at line starts", "[mail][smtp]") {
    auto dots = dialog_at_dot(".\r\n..a\r\nb.\r\n.");
    CHECK(flush(dots) == "..\r\n...a\r\nb.\r\n..\r\n.\r\n");
}

TEST_CASE("smtp dialog: unknown is only what breaks once the final dot is out", "[mail][smtp]") {
    auto dialog = dialog_at_dot();
    CHECK(dialog.broken("x").status == SendStatus::temporary);
    dialog.sent(dialog.output().size() - 1);
    CHECK(dialog.broken("x").status == SendStatus::temporary);
    CHECK_FALSE(dialog.is_at_dot());
    dialog.sent(1);
    CHECK(dialog.is_at_dot());
    CHECK(dialog.broken("x").status == SendStatus::unknown);
}

TEST_CASE("smtp dialog: a refusal while the text is under way counts", "[mail][smtp]") {
    auto dialog = dialog_at_dot();
    dialog.receive("552 too much\r\n");
    REQUIRE(dialog.result());
    CHECK(dialog.result()->status == SendStatus::permanent);
    CHECK(dialog.result()->reply_code == 552);
}

TEST_CASE("smtp dialog: replies out of turn end it, and nothing is taken for sent", "[mail][smtp]") {
    SmtpDialog early("ping@example.com", "ana@example.org", "text\r\n");
    early.receive("250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n");
    REQUIRE(early.result());
    CHECK(early.result()->status == SendStatus::temporary);

    SmtpDialog eager("ping@example.com", "ana@example.org", "text\r\n");
    flush(eager);
    eager.receive("250 ok\r\n250 ok\r\n");
    REQUIRE(eager.result());
    CHECK(eager.result()->status == SendStatus::temporary);
}

TEST_CASE("smtp dialog: what is not SMTP or never ends is given up", "[mail][smtp]") {
    for (const std::string text :
         {"hello\r\n", "\r\n", "25\r\n", "2x0 ok\r\n", "100 what\r\n", "354 what\r\n"}) {
        SmtpDialog dialog("ping@example.com", "ana@example.org", "text\r\n");
        flush(dialog);
        dialog.receive(text);
        INFO(text);
        REQUIRE(dialog.result());
        CHECK(dialog.result()->status == SendStatus::temporary);
    }
    SmtpDialog endless("ping@example.com", "ana@example.org", "text\r\n");
    flush(endless);
    for (std::size_t i = 0; i <= SmtpDialog::most_reply_bytes / 1000 && !endless.result(); ++i) {
        endless.receive(std::string(1000, '2'));
    }
    REQUIRE(endless.result());
    CHECK(endless.result()->status == SendStatus::temporary);
}
