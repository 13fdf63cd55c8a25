#include "core/log_line.hpp"

#include "ping/core/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace ping::log {
namespace {

constexpr std::size_t text_bytes_at_most = 2048;
constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

std::string_view level_name(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warn:
            return "warn";
        case LogLevel::error:
            break;
    }
    return "error";
}

void append_escaped(std::string& line, char32_t point) {
    if (point == U'"' || point == U'\\') {
        line.push_back('\\');
        line.push_back(static_cast<char>(point));
    } else if (point == U'\n') {
        line += "\\n";
    } else if (point == U'\t') {
        line += "\\t";
    } else if (utf8::is_control(point) || utf8::is_bidi_control(point)) {
        fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(point));
    } else {
        utf8::append(line, point);
    }
}

void append_quoted(std::string& line, std::string_view text) {
    const auto kept = utf8::prefix(text, text_bytes_at_most);
    line.push_back('"');
    for (std::size_t at = 0; at < kept.size();) {
        const auto point = utf8::decode(kept, at).value_or(utf8::CodePoint{replacement, 1});
        append_escaped(line, point.value);
        at += point.bytes;
    }
    if (kept.size() < text.size()) {
        line += ellipsis;
    }
    line.push_back('"');
}

bool is_plain(char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
}

void append_text(std::string& line, std::string_view text, LogFormat format) {
    const bool needs_quotes = format == LogFormat::json || text.empty() || text.size() > text_bytes_at_most ||
                              !std::ranges::all_of(text, is_plain);
    if (needs_quotes) {
        append_quoted(line, text);
    } else {
        line += text;
    }
}

void append_value(std::string& line, const Field::Value& value, LogFormat format) {
    if (const auto* const text = std::get_if<std::string_view>(&value)) {
        append_text(line, *text, format);
    } else if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        fmt::format_to(std::back_inserter(line), "{}", *integer);
    } else if (const auto* const number = std::get_if<double>(&value)) {
        if (std::isfinite(*number)) {
            fmt::format_to(std::back_inserter(line), "{}", *number);
        } else {
            line += "null";
        }
    } else {
        line += std::get<bool>(value) ? "true" : "false";
    }
}

std::string format_json(Time time, LogLevel level, std::string_view event, Fields fields) {
    auto line = fmt::format(R"({{"time":"{}","level":"{}","event":)", to_iso8601(time), level_name(level));
    append_quoted(line, event);
    for (const auto& field : fields) {
        line.push_back(',');
        append_quoted(line, field.name);
        line.push_back(':');
        append_value(line, field.value, LogFormat::json);
    }
    line.push_back('}');
    return line;
}

std::string format_text(Time time, LogLevel level, std::string_view event, Fields fields) {
    std::string name(level_name(level));
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    auto line = fmt::format("{} {:<5} ", to_iso8601(time), name);
    append_text(line, event, LogFormat::text);
    for (const auto& field : fields) {
        line.push_back(' ');
        append_text(line, field.name, LogFormat::text);
        line.push_back('=');
        append_value(line, field.value, LogFormat::text);
    }
    return line;
}

}  // namespace

std::string format_line(LogFormat format, Time time, LogLevel level, std::string_view event, Fields fields) {
    return format == LogFormat::json ? format_json(time, level, event, fields)
                                     : format_text(time, level, event, fields);
}

}  // namespace ping::log
