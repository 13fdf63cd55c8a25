#include "ping/core/validate.hpp"

#include "support/catch_result.hpp"

using namespace ping;

namespace {

std::string cleaned(std::string_view name) {
    const auto result = validate::clean_name(name);
    return result ? *result : "refused";
}

std::string repeated(std::string_view piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

}  // namespace

TEST_CASE("T39: validate: control characters and bidi signs leave a name", "[core]") {
    CHECK(cleaned("Ada Lovelace") == "Ada Lovelace");
    CHECK(cleaned(std::string_view("A\0da", 4)) == "Ada");
    CHECK(cleaned("A\r\nd\x1B[31ma\x7F") == "Ad[31ma");
    CHECK(cleaned("\xC2\x85"
                  "Ada\xE2\x80\xA8") == "Ada");  // NEL, line separator
    CHECK(cleaned("\xE2\x80\xAE"
                  "Ada\xE2\x80\xAC") == "Ada");  // override
    CHECK(cleaned("\xE2\x81\xA6"
                  "Ada\xE2\x81\xA9") == "Ada");                // isolate
    CHECK(cleaned("\xD8\xA7\xD9\x84") == "\xD8\xA7\xD9\x84");  // Arabic letters stay
    CHECK(cleaned("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC") ==
          "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC");  // so does an emoji's joiner
}

TEST_CASE("T39: validate: a name has no spaces around it", "[core]") {
    CHECK(cleaned("  Ada  B ") == "Ada  B");
    CHECK(cleaned("\xC2\xA0\xE3\x80\x80"
                  "Ada\xE2\x80\x8B\xEF\xBB\xBF") == "Ada");
}

TEST_CASE("T39: validate: a name has 1 to 50 characters", "[core]") {
    CHECK(cleaned("") == "refused");
    CHECK(cleaned(" \t\n ") == "refused");
    CHECK(cleaned("\xE2\x80\xAE") == "refused");
    CHECK(cleaned(repeated("\xF0\x9F\x98\x80", 50)) == repeated("\xF0\x9F\x98\x80", 50));
    CHECK(cleaned(repeated("a", 51)) == "refused");
    CHECK(cleaned(" " + repeated("a", 50) + " ") == repeated("a", 50));
}

TEST_CASE("T39: validate: ill-formed UTF-8 is refused with the field's name", "[core]") {
    const auto name = validate::clean_name("A\xED\xA0\x80");
    REQUIRE_FALSE(name);
    const auto error = name.error();
    CHECK(error.code == ErrorCode::invalid);
    REQUIRE(error.fields.size() == 1);
    CHECK(error.fields.front().field == "name");
    CHECK_FALSE(validate::check_text("\xC0\xAF"));
}

TEST_CASE("validate: a text has at most 4000 characters", "[core]") {
    CHECK(validate::check_text(""));
    CHECK(validate::check_text(repeated("\xF0\x9F\x98\x80", 4000)));
    const auto result = validate::check_text(repeated("a", 4001));
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "text must have at most 4000 characters");
}
