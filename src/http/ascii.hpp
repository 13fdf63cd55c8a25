#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

/// The character classes and comparisons of HTTP, in ASCII whatever the locale is.
namespace ping::http::ascii {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alnum(char c) {
    return is_digit(c) || is_alpha(c);
}
/// Control bytes, DEL included; not bytes of 128 and above.
constexpr bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}
/// tchar of RFC 9110 §5.6.2.
constexpr bool is_token_char(char c) {
    return is_alnum(c) ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}
constexpr bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool iequals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return to_lower(x) == to_lower(y); });
}
constexpr bool istarts_with(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && iequals(text.substr(0, start.size()), start);
}
/// Without spaces and tabs at both ends (OWS of RFC 9110 §5.6.3).
constexpr std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `visit` with each part of `list`, split at `separator` and trimmed.
template <class Visit>
void for_each_part(std::string_view list, char separator, Visit visit) {
    while (true) {
        const auto end = list.find(separator);
        visit(trim(list.substr(0, end)));
        if (end == std::string_view::npos) {
            return;
        }
        list.remove_prefix(end + 1);
    }
}

/// Whether a comma-separated list has this element, in any case.
inline bool list_has(std::string_view list, std::string_view element) {
    bool found = false;
    for_each_part(list, ',', [&](std::string_view part) { found = found || iequals(part, element); });
    return found;
}

/// The value of a hex digit, or -1.
constexpr int hex_value(char c) {
    if (is_digit(c)) {
        return c - '0';
    }
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace ping::http::ascii
