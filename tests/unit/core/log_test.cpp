#include "core/log_line.hpp"
#include "ping/core/json.hpp"
#include "ping/core/utf8.hpp"
#include "support/catch_result.hpp"

#include <string>

using namespace ping;

namespace {

const Time noon = from_millis(1'790'000'000'123);

std::string text_line(log::Fields fields) {
    return log::format_line(LogFormat::text, noon, LogLevel::warn, "test.event", fields);
}
std::string json_line(log::Fields fields) {
    return log::format_line(LogFormat::json, noon, LogLevel::error, "test.event", fields);
}

bool is_one_clean_line(const std::string& line) {
    for (std::size_t at = 0; at < line.size();) {
        const auto point = utf8::decode(line, at);
        if (!point || utf8::is_control(point->value) || utf8::is_bidi_control(point->value)) {
            return false;
        }
        at += point->bytes;
    }
    return true;
}

}  // namespace

TEST_CASE("log: a text line is time, level, event and names with values", "[core]") {
    CHECK(text_line({{"n", 3}, {"ok", true}, {"d", 1.5}, {"s", "plain/x"}, {"q", "two words"}, {"e", ""}}) ==
          "2026-09-21T14:13:20.123Z WARN  test.event n=3 ok=true d=1.5 s=plain/x q=\"two words\" e=\"\"");
}

TEST_CASE("log: a JSON line is an object", "[core]") {
    const auto line = json_line({{"n", -3}, {"ok", false}, {"d", 0.25}, {"s", "a \"b\""}});
    CHECK(line ==
          R"({"time":"2026-09-21T14:13:20.123Z","level":"error","event":"test.event","n":-3,"ok":false,)"
          R"("d":0.25,"s":"a \"b\""})");
}

TEST_CASE("T47: log: one line per event, whatever the values hold", "[core]") {
    const std::string nasty[] = {
        "a\nlevel=error event=forged",
        "a\r\nb",
        std::string("\0\x01\x1B[31mred\x1B[0m\x7F", 15),
        "\xC2\x85 next line, \xE2\x80\xA8 and \xE2\x80\xA9",
        "\xE2\x80\xAEreversed\xE2\x81\xA6",
        "'\";-- \\ \\n",
        "\xFF\xC0\xAF\xED\xA0\x80 ill-formed \xE2\x82",
        std::string(1'000'000, 'x'),
        std::string(1'000'000, '\n'),
    };
    for (const auto& value : nasty) {
        INFO(value.substr(0, 20));
        CHECK(is_one_clean_line(text_line({{"agent", value}})));
        const auto line = json_line({{"agent", value}});
        CHECK(is_one_clean_line(line));
        const auto object = json::parse(line);
        REQUIRE(object);
        CHECK(object->get_object().size() == 4);
    }
}

TEST_CASE("T47: log: a quote cannot end its value early", "[core]") {
    CHECK(text_line({{"a", "x\" admin=true y=\""}}).ends_with(R"(a="x\" admin=true y=\"")"));
    CHECK(text_line({{"a", "b=c"}}).ends_with(R"(a="b=c")"));
}

TEST_CASE("T47: log: long texts are cut at 2 KiB between characters", "[core]") {
    const auto line = text_line({{"a", std::string(2047, 'x') + "\xC3\xA4" + std::string(99, 'y')}});
    CHECK(line.ends_with(std::string(2047, 'x') + "\xE2\x80\xA6\""));
    CHECK(text_line({{"a", std::string(2048, 'x')}}).ends_with("=" + std::string(2048, 'x')));
}

TEST_CASE("log: a number that is none is null", "[core]") {
    CHECK(json_line({{"d", std::numeric_limits<double>::infinity()}}).ends_with(R"("d":null})"));
}
