#include "ping/auth/email_address.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using ping::auth::default_name;
using ping::auth::mailbox_of;
using ping::auth::normalise_email;

TEST_CASE("T15: accepted addresses have one form", "[auth][T15]") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"a@x.io", "a@x.io"},
        {"A@X.IO", "a@x.io"},
        {"  a@x.io\t\r\n", "a@x.io"},
        {"first.last@x.io", "first.last@x.io"},
        {"a+tag@x.io", "a+tag@x.io"},
        {"!#$%&'*+-/=?^_`{|}~@x.io", "!#$%&'*+-/=?^_`{|}~@x.io"},
        {"1@2.io", "1@2.io"},
        {"a@sub.domain.example", "a@sub.domain.example"},
        {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
        {std::string(64, 'l') + "@x.io", std::string(64, 'l') + "@x.io"},
    };
    for (const auto& [given, expected] : table) {
        CAPTURE(given);
        const auto normal = normalise_email(given);
        REQUIRE(normal);
        CHECK(*normal == expected);
        CHECK(normalise_email(*normal) == normal);
    }
}

TEST_CASE("T9 T15: refused addresses", "[auth][T9][T15]") {
    const std::vector<std::string> table{
        "",
        " ",
        "a",
        "@",
        "a@",
        "@x.io",
        "a@x",
        "a@@x.io",
        "a@b@x.io",
        "a b@x.io",
        "a@x .io",
        "a@x.io b",
        ".a@x.io",
        "a.@x.io",
        "a..b@x.io",
        "a@.x.io",
        "a@x..io",
        "a@x.io.",
        "a@-x.io",
        "a@x-.io",
        "a@x.i_o",
        "a@x.123",
        "a@[1.2.3.4]",
        "a@127.0.0.1",
        "\"a\"@x.io",
        "a\"b@x.io",
        "ratelimit:v@x.io",
        "a:b@x.io",
        "a@x.io:25",
        "a@x.io>",
        "<a@x.io",
        "a@x.io\r\nBcc: b@x.io",
        "a\r\n@x.io",
        "a\n@x.io",
        "a,b@x.io",
        "a;b@x.io",
        "a(b)@x.io",
        "a\\b@x.io",
        "a@x.io,b@x.io",
        "\xC4\xB1@x.io",
        "a@\xEF\xBC\xA0x.io",
        "\xEF\xBC\xA1@x.io",
        "a@b\xC3\xBC.io",
        "a\x7f@x.io",
        "a\x01@x.io",
        std::string("a\0b@x.io", 8),
        std::string("a@x.io\0", 7),
        std::string(65, 'l') + "@x.io",
        "a@" + std::string(64, 'd') + ".io",
        "a@" + std::string(250, 'd') + ".io",
    };
    for (const auto& given : table) {
        CAPTURE(given);
        CHECK_FALSE(normalise_email(given));
    }
}

TEST_CASE("mail limits count on the mailbox without its tag", "[auth]") {
    CHECK(mailbox_of("ana+shop@x.io") == "ana@x.io");
    CHECK(mailbox_of("ana@x.io") == "ana@x.io");
    CHECK(mailbox_of("+tag@x.io") == "+tag@x.io");
    CHECK(mailbox_of("ana@x+y.io") == "ana@x+y.io");
}

TEST_CASE("a new user's name is the first eight characters of the mailbox name", "[auth]") {
    CHECK(default_name("ana@x.io") == "ana");
    CHECK(default_name("alexandra@x.io") == "alexandr");
}
