#include "ping/auth/email_address.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using ping::auth::default_name;
using ping::auth::mailbox_of;
using ping::auth::normalise_email;

namespace {

struct Vector {
    std::string typed;
    std::string normal;  ///< empty: refused
};

std::string unescape(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        if (text[0] != '\\') {
            bytes += text[0];
            text.remove_prefix(1);
        } else if (text[1] == 'x') {
            bytes += static_cast<char>(std::stoi(std::string(text.substr(2, 2)), nullptr, 16));
            text.remove_prefix(4);
        } else {
            constexpr std::string_view names = "rnt0\\";
            constexpr std::string_view values("\r\n\t\0\\", 5);
            bytes += values.at(names.find(text[1]));
            text.remove_prefix(2);
        }
    }
    return bytes;
}

std::vector<Vector> read_vectors() {
    std::ifstream file(PING_SOURCE_DIR "/tests/unit/auth/email_addresses.tsv");
    std::vector<Vector> vectors;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("# ")) {
            continue;
        }
        const auto tab = line.find('\t');
        const auto normal = line.substr(tab + 1);
        vectors.push_back({unescape(line.substr(0, tab)), normal == "-" ? "" : normal});
    }
    return vectors;
}

}  // namespace

TEST_CASE("T9 T15: the addresses of the vector file are accepted in one form, or refused", "[auth]") {
    const auto vectors = read_vectors();
    REQUIRE(vectors.size() >= 200);
    for (const auto& [typed, normal] : vectors) {
        CAPTURE(typed);
        CHECK(normalise_email(typed).value_or("") == normal);
    }
}

TEST_CASE("T15: what is normal stays as it is, and holds nothing that a key or a mail could trip over",
          "[auth]") {
    // Texts that often are addresses: pieces of the vectors put together at random, the same in each run.
    const std::vector<std::string> pieces{"a",  "B",   "ana", "@",        "@",  "x", ".",     ".",
                                          "io", "COM", "-",   "+",        "\"", ":", "\r\n",  " ",
                                          "_",  "1",   "\0",  "\xC4\xB1", "%",  "{", "a@x.io"};
    std::mt19937 random(15);
    int accepted = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string text;
        for (auto count = random() % 9; count > 0; --count) {
            text += pieces[random() % pieces.size()];
        }
        const auto normal = normalise_email(text);
        if (!normal) {
            continue;
        }
        ++accepted;
        CAPTURE(text);
        REQUIRE(normalise_email(*normal) == normal);
        REQUIRE(normal->find_first_of(std::string(":\"\r\n <>\0", 8)) == std::string::npos);
        REQUIRE(std::none_of(normal->begin(), normal->end(),
                             [](char c) { return c < '!' || c > '~' || (c >= 'A' && c <= 'Z'); }));
    }
    CHECK(accepted > 1000);
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
