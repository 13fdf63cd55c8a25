#include "http/header_parameters.hpp"

#include "http/ascii.hpp"

#include <algorithm>

namespace ping::http {
namespace {

std::string to_lower(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), ascii::to_lower);
    return lower;
}

// `rest` begins behind the opening quote; afterwards behind the closing one.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string value;
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '"') {
            return value;
        }
        if (c == '\\' && rest.starts_with('"')) {
            value.push_back('"');
            rest.remove_prefix(1);
            continue;
        }
        value.push_back(c);
    }
    return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& rest) {
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        return take_quoted(rest);
    }
    const auto end = std::min(rest.find_first_of("; \t"), rest.size());
    std::string value(rest.substr(0, end));
    rest.remove_prefix(end);
    return ascii::is_token(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> ParameterizedValue::parameter(std::string_view name) const {
    std::optional<std::string_view> found;
    for (const auto& [key, text] : parameters) {
        if (key == name && found) {
            return std::nullopt;
        }
        if (key == name) {
            found = text;
        }
    }
    return found;
}

std::optional<ParameterizedValue> parse_parameters(std::string_view text) {
    const auto semicolon = std::min(text.find(';'), text.size());
    ParameterizedValue parsed;
    parsed.value = ascii::trim(text.substr(0, semicolon));
    auto rest = ascii::trim(text.substr(semicolon));
    while (rest.starts_with(';')) {
        rest = ascii::trim(rest.substr(1));
        if (rest.empty()) {
            break;  // a semicolon at the end is common, and harmless
        }
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos || !ascii::is_token(rest.substr(0, equals))) {
            return std::nullopt;
        }
        auto name = to_lower(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        auto value = take_value(rest);
        if (!value) {
            return std::nullopt;
        }
        parsed.parameters.emplace_back(std::move(name), std::move(*value));
        rest = ascii::trim(rest);
    }
    return rest.empty() ? std::optional(std::move(parsed)) : std::nullopt;
}

}  // namespace ping::http
