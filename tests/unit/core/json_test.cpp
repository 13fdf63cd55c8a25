#include "ping/core/json.hpp"

#include "support/catch_result.hpp"

#include <boost/json/serialize.hpp>

#include <string>

using namespace ping;

namespace {

/// The value as text, or the complaint.
std::string parsed(std::string_view text) {
    const auto result = json::parse(text);
    return result ? boost::json::serialize(*result) : result.error().message;
}

std::string repeated(std::string_view piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

std::string object_of(int keys) {
    std::string text = "{";
    for (int i = 0; i < keys; ++i) {
        text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
    }
    return text + "}";
}

}  // namespace

TEST_CASE("json: valid documents come through", "[core]") {
    CHECK(parsed(R"( {"a":[1,-2,{"b":null}],"c":"\u00e4\n","d":true} )") ==
          "{\"a\":[1,-2,{\"b\":null}],\"c\":\"\xC3\xA4\\n\",\"d\":true}");
    CHECK(parsed("[]") == "[]");
    CHECK(parsed("\"text\"") == "\"text\"");
    CHECK(parsed(R"([{"a":1},{"a":2}])") == R"([{"a":1},{"a":2}])");
}

TEST_CASE("T38: json: a duplicate key is refused", "[core]") {
    CHECK(parsed(R"({"a":1,"a":2})") == "Bad JSON at byte 9: the key \"a\" comes twice");
    CHECK(parsed(R"({"x":{"a":1},"a":2,"\u0061":3})") == "Bad JSON at byte 26: the key \"a\" comes twice");
}

TEST_CASE("T38: json: depth is bounded", "[core]") {
    CHECK(parsed(repeated("[", 16) + repeated("]", 16)) == repeated("[", 16) + repeated("]", 16));
    CHECK(parsed(repeated("[", 17) + repeated("]", 17)) == "Bad JSON at byte 16: deeper than 16");
    CHECK(parsed(repeated("[", 100'000)) == "Bad JSON at byte 16: deeper than 16");
    CHECK(parsed(repeated("{\"a\":", 100'000)) == "Bad JSON at byte 80: deeper than 16");
}

TEST_CASE("T38: json: keys are bounded over the whole document", "[core]") {
    CHECK(json::parse(object_of(256)));
    CHECK_FALSE(json::parse(object_of(257)));
    CHECK_FALSE(json::parse(object_of(100'000)));
    CHECK_FALSE(json::parse("[" + object_of(200) + "," + object_of(57) + "]"));
}

TEST_CASE("T38: json: strings and keys are bounded", "[core]") {
    CHECK(json::parse("\"" + repeated("x", 65'536) + "\""));
    CHECK_FALSE(json::parse("\"" + repeated("x", 65'537) + "\""));
    CHECK_FALSE(json::parse("{\"" + repeated("x", 65'537) + "\":1}"));
}

TEST_CASE("T38: json: integers are exact or refused, fractions are finite", "[core]") {
    CHECK(parsed("[9223372036854775807,-9223372036854775808,0,-0]") ==
          "[9223372036854775807,-9223372036854775808,0,0]");
    for (const auto* const bad : {"9223372036854775808", "-9223372036854775809", "18446744073709551615",
                                  "18446744073709551616", "1234567890123456789012345678901234567890", "1e400",
                                  "-1e400", "1e99999999999", "[1.5,99999999999999999999]"}) {
        INFO(bad);
        CHECK_FALSE(json::parse(bad));
    }
    const auto fraction = json::parse("1.5");
    REQUIRE(fraction);
    CHECK(fraction->as_double() == 1.5);
    const auto whole = json::parse("1.0");
    REQUIRE(whole);
    CHECK(whole->is_double());  // written with a fraction, so no reader takes it for an integer
    const auto list = json::parse("[1e3,7]");
    REQUIRE(list);
    CHECK(list->as_array().at(1).is_int64());
}

TEST_CASE("json: what is not JSON is refused with the place", "[core]") {
    for (const auto* const bad :
         {"",   " ",   "{",   "[1,]", "{\"a\":}", "{a:1}",   "nul", "01",   "+1",     ".5",
          "1.", "NaN", "'a'", "\"a",  "\"\\x\"",  "// a\n1", "1 2", "{} x", "\"\t\"", "[1]]"}) {
        INFO(bad);
        const auto result = json::parse(bad);
        REQUIRE_FALSE(result);
        const auto error = result.error();
        CHECK(error.code == ErrorCode::invalid);
        CHECK(error.slug == "bad_json");
        CHECK(error.message.starts_with("Bad JSON at byte "));
    }
}

TEST_CASE("T39: json: ill-formed UTF-8 and lone surrogates are refused", "[core]") {
    for (const auto* const bad : {"\"\xFF\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xE2\x82\"",
                                  "{\"\x80\":1}", R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")"}) {
        CHECK_FALSE(json::parse(bad));
    }
    CHECK(parsed(R"("\ud83d\ude00")") == "\"\xF0\x9F\x98\x80\"");
}

TEST_CASE("json: a reader names every complaint at once", "[core]") {
    const auto document = json::parse(R"({"n":"x","t":7,"big":11,"id":"12","b":"yes"})");
    REQUIRE(document);
    json::Reader reader(document->get_object());
    reader.string("email");
    reader.string("other", "Other userid is required");
    reader.optional_string("t");
    reader.integer("n", 0, 10);
    reader.integer("big", 0, 10);
    reader.id<UserId>("id");
    reader.boolean("b", false);
    const auto result = reader.finish();
    REQUIRE_FALSE(result);
    const auto error = result.error();
    CHECK(error.message == "email is required");
    REQUIRE(error.fields.size() == 7);
    CHECK(error.fields[1].message == "Other userid is required");
    CHECK(error.fields[2].message == "t must be a string");
    CHECK(error.fields[3].message == "n must be an integer");
    CHECK(error.fields[4].message == "big must be from 0 to 10");
    CHECK(error.fields[5].message == "id must be an id of 24 hex digits");
    CHECK(error.fields[6].message == "b must be true or false");
}

TEST_CASE("json: a reader takes what is right, null only for what may be missing", "[core]") {
    const auto document = json::parse(R"({"s":"a","i":5,"b":true,"none":null,"d":5.0})");
    REQUIRE(document);
    json::Reader reader(document->get_object());
    CHECK(reader.string("s") == "a");
    CHECK(reader.integer("i", 5, 5) == 5);
    CHECK(reader.boolean("b", false));
    CHECK(reader.boolean("missing", true));
    CHECK_FALSE(reader.optional_string("none"));
    CHECK_FALSE(reader.optional_integer("missing", 0, 1));
    CHECK(reader.finish());
    reader.string("none");
    reader.optional_integer("d", 0, 10);
    CHECK(reader.has_complaint("none"));
    CHECK(reader.has_complaint("d"));
    CHECK_FALSE(reader.finish());
}
