#include "mail/address.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping;
using mail::is_address;

TEST_CASE("mail address: plain addresses are taken", "[mail]") {
    for (const char* text :
         {"ana@example.com", "a.b+tag@x-y.example", "o'neil@example.org", "a@localhost", "1@2.3"}) {
        INFO(text);
        CHECK(is_address(text));
    }
    CHECK(is_address(std::string(64, 'a') + "@example.com"));
}

TEST_CASE("T16: what could break out of an SMTP command is no address", "[mail]") {
    using namespace std::string_literals;
    const std::string bad[] = {"",
                               "ana",
                               "@example.com",
                               "ana@",
                               "ana@@example.com",
                               "a@b@c",
                               ".a@example.com",
                               "a.@example.com",
                               "a..b@example.com",
                               "a@.example.com",
                               "a@example..com",
                               "a@example.com.",
                               "a@-x.com",
                               "a@x-.com",
                               "a@b>\r\nRCPT TO:<evil@x",
                               "ana@example.com\r\nBcc: evil@example.com",
                               "ana@example.com\n",
                               "ana@example.com\0"s,
                               "ana\0@example.com"s,
                               "ana @example.com",
                               "ana@example.com ",
                               "<ana@example.com>",
                               "Ana <ana@example.com>",
                               "ana@example.com,bob@example.com",
                               "\"ana\"@example.com",
                               "ana(x)@example.com",
                               "ana@[127.0.0.1]",
                               "ratelimit:v@x.y",
                               "\xC3\xA4na@example.com",
                               "ana@ex\xC3\xA4mple.com",
                               std::string(65, 'a') + "@example.com",
                               "a@" + std::string(64, 'b') + ".com",
                               std::string(1'000'000, 'a'),
                               "a@" + std::string(300, 'b')};
    for (const auto& text : bad) {
        INFO(text.substr(0, 80));
        CHECK_FALSE(is_address(text));
    }
}

TEST_CASE("mail address: the sender is read with and without a name", "[mail]") {
    const auto bare = mail::parse_mailbox("ping@example.com");
    REQUIRE(bare.has_value());
    CHECK(bare->name.empty());
    CHECK(bare->address == "ping@example.com");
    for (const char* text : {"Ping Team <ping@example.com>", "\"Ping Team\" <ping@example.com>"}) {
        const auto named = mail::parse_mailbox(text);
        REQUIRE(named.has_value());
        CHECK(named->name == "Ping Team");
        CHECK(named->address == "ping@example.com");
    }
    for (const char* text :
         {"", ">", "Ping <ping>", "Ping ping@example.com>", "P\r\nBcc: x <ping@example.com>"}) {
        CHECK_FALSE(mail::parse_mailbox(text).has_value());
    }
    CHECK(mail::domain_of("ping@example.com") == "example.com");
}
