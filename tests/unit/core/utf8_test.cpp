#include "ping/core/utf8.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping;

// After Markus Kuhn's decoder stress test.
TEST_CASE("T39: utf8: well-formed text is taken", "[core]") {
    const std::string_view good[] = {
        "",
        "plain",
        "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5",  // κόσμε
        std::string_view("\0", 1),
        "\xC2\x80",          // first of two bytes
        "\xE0\xA0\x80",      // first of three
        "\xF0\x90\x80\x80",  // first of four
        "\x7F",
        "\xDF\xBF",
        "\xEF\xBF\xBF",
        "\xF4\x8F\xBF\xBF",  // U+10FFFF
        "\xED\x9F\xBF",      // just below the surrogates
        "\xEE\x80\x80",      // just above
        "\xEF\xBF\xBD",
    };
    for (const auto text : good) {
        CHECK(utf8::is_valid(text));
    }
}

TEST_CASE("T39: utf8: ill-formed text is refused", "[core]") {
    const std::string_view bad[] = {
        "\x80",
        "\xBF",
        "\x80\xBF",
        "a\x80z",  // lone continuation bytes
        "\xC3",
        "\xC3 ",
        "\xE2\x82",
        "\xE2\x82 ",
        "\xF0\x9F\x98",
        "\xF0\x9F ",  // cut short
        "\xFE",
        "\xFF",
        "\xFE\xFE\xFF\xFF",  // impossible bytes
        "\xC0\xAF",
        "\xE0\x80\xAF",
        "\xF0\x80\x80\xAF",  // overlong slash
        "\xF8\x80\x80\x80\xAF",
        "\xFC\x80\x80\x80\x80\xAF",  // five and six bytes
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",  // the largest overlong
        "\xC0\x80",
        "\xE0\x80\x80",
        "\xF0\x80\x80\x80",  // overlong NUL
        "\xED\xA0\x80",
        "\xED\xAD\xBF",
        "\xED\xAE\x80",
        "\xED\xAF\xBF",
        "\xED\xB0\x80",
        "\xED\xBF\xBF",  // surrogates
        "\xED\xA0\x80\xED\xB0\x80",
        "\xED\xAF\xBF\xED\xBF\xBF",  // pairs of them
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xF7\xBF\xBF\xBF",  // above U+10FFFF
    };
    for (const auto text : bad) {
        INFO(text.size());
        CHECK_FALSE(utf8::is_valid(text));
    }
}

TEST_CASE("utf8: every code point survives being written and read", "[core]") {
    bool is_same = true;
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) {
            continue;
        }
        std::string text;
        utf8::append(text, point);
        const auto read = utf8::decode(text, 0);
        is_same = is_same && read && read->value == point && read->bytes == text.size();
    }
    CHECK(is_same);
}

TEST_CASE("utf8: length counts code points and prefix cuts between them", "[core]") {
    const std::string text = "a\xC3\xA4\xF0\x9F\x98\x80";  // aä😀
    CHECK(utf8::length(text) == 3);
    CHECK(utf8::prefix(text, 100) == text);
    CHECK(utf8::prefix(text, 6) == "a\xC3\xA4");
    CHECK(utf8::prefix(text, 2) == "a");
    CHECK(utf8::prefix(text, 0).empty());
}
