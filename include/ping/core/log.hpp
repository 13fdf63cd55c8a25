#pragma once

#include "ping/core/config.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace ping::log {

/// A named value of a log line. Holds a view: use it within the call only.
struct Field {
    using Value = std::variant<std::string_view, std::int64_t, double, bool>;

    Field(std::string_view name_in, std::string_view text) : name(name_in), value(text) {}
    Field(std::string_view name_in, const std::string& text) : name(name_in), value(std::string_view(text)) {}
    Field(std::string_view name_in, const char* text) : name(name_in), value(std::string_view(text)) {}
    Field(std::string_view name_in, bool flag) : name(name_in), value(flag) {}
    Field(std::string_view name_in, double number) : name(name_in), value(number) {}
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Field(std::string_view name_in, Integer number)
        : name(name_in), value(static_cast<std::int64_t>(number)) {}

    std::string_view name;
    Value value;
};

using Fields = std::initializer_list<Field>;

/// Writes one line to standard error, never blocking the caller: lines go through a bounded queue to a thread
/// of their own, and what does not fit is counted and said later. `event` is a short dotted name
/// ("http.request"). Control characters are escaped, texts are cut at 2 KiB. Never pass a token, a code, a
/// mail's or a message's text, or an e-mail address. Any thread.
void write(LogLevel level, std::string_view event, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) {
    write(LogLevel::debug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) {
    write(LogLevel::info, event, fields);
}
inline void warn(std::string_view event, Fields fields = {}) {
    write(LogLevel::warn, event, fields);
}
inline void error(std::string_view event, Fields fields = {}) {
    write(LogLevel::error, event, fields);
}

/// Before the first call lines of `warn` and above go to standard error as text. At start-up only.
void configure(LogFormat format, LogLevel level);
/// Writes what is queued. Call before the process ends.
void flush();

}  // namespace ping::log
