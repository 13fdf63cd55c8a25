#include "mail/encoding.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace ping::mail;

namespace {

std::string unquote(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out.push_back(text[i]);
        } else if (text.compare(i, 3, "=\r\n") == 0) {
            i += 2;
        } else {
            out.push_back(static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)));
            i += 2;
        }
    }
    return out;
}

void check_lines(const std::string& text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto end = text.find("\r\n", begin);
        REQUIRE(end != std::string::npos);
        REQUIRE(end - begin <= 76);
        const auto line = text.substr(begin, end - begin);
        REQUIRE(line.find_first_of("\r\n") == std::string::npos);
        REQUIRE((line.empty() || line[0] != '.'));
        for (const char c : line) {
            REQUIRE((c == '\t' || (c >= 0x20 && c < 0x7F)));
        }
        begin = end + 2;
    }
}

}  // namespace

TEST_CASE("quoted-printable: plain text stays readable", "[mail]") {
    CHECK(quoted_printable("Your code is 123456") == "Your code is 123456\r\n");
    CHECK(quoted_printable("a=b \n\t") == "a=3Db=20\r\n=09\r\n");
    CHECK(quoted_printable("").empty());
}

TEST_CASE("T16: quoted-printable sends CRLF only and no line that begins with a dot", "[mail]") {
    CHECK(quoted_printable("a\nb\rc\r\nd") == "a\r\nb\r\nc\r\nd\r\n");
    CHECK(quoted_printable("x\n.\r\nMAIL FROM:<evil@x>") == "x\r\n=2E\r\nMAIL FROM:<evil@x>\r\n");
    CHECK(quoted_printable("..") == "=2E.\r\n");
    CHECK(quoted_printable(std::string("a\0b", 3)) == "a=00b\r\n");
}

TEST_CASE("T16: quoted-printable gives back any bytes and bounds any line", "[mail]") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::string text;
        for (int i = 0; i < 500; ++i) {
            const char c = static_cast<char>(random());
            text.push_back(c == '\r' || c == '\n' ? '.' : c);
        }
        const auto quoted = quoted_printable(text);
        check_lines(quoted);
        REQUIRE(unquote(quoted) == text + "\r\n");
    }
    const auto dots = quoted_printable(std::string(1'000'000, '.'));
    check_lines(dots);
    CHECK(unquote(dots) == std::string(1'000'000, '.') + "\r\n");
}

TEST_CASE("header text: short ASCII as it is, all else as encoded words", "[mail]") {
    CHECK(header_text("123456 is your Ping code") == "123456 is your Ping code");
    CHECK(header_text("Gr\xC3\xBC\xC3\x9F"
                      "e an") == "=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?=");
    CHECK(header_text("=?utf-8?Q?evil?=").find("=?utf-8?Q?=3D=3F") == 0);
}

TEST_CASE("header text: long texts are folded between characters", "[mail]") {
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "\xE2\x82\xAC";  // the euro sign: three bytes
    }
    const auto words = header_text(text);
    std::size_t begin = 0;
    std::size_t signs = 0;
    while (begin < words.size()) {
        const auto end = std::min(words.find("\r\n ", begin), words.size());
        const auto word = words.substr(begin, end - begin);
        REQUIRE(word.size() <= 75);
        REQUIRE(word.find("=?utf-8?Q?") == 0);
        const auto payload = word.substr(10, word.size() - 12);
        REQUIRE(payload.size() % 9 == 0);  // whole signs only
        signs += payload.size() / 9;
        begin = end + 3;
    }
    CHECK(signs == 200);
    CHECK(has_controls("a\tb"));
    CHECK(has_controls("a\x7F"));
    CHECK_FALSE(has_controls("a b\xC3\xBC"));
}
