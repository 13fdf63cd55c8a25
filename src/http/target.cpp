#include "http/target.hpp"

#include "http/ascii.hpp"
#include "ping/core/utf8.hpp"

#include <algorithm>

namespace ping::http {
namespace {

std::optional<std::string> decode_path(std::string_view raw) {
    auto path = percent_decode(raw, false);
    if (!path || std::any_of(path->begin(), path->end(), ascii::is_control) ||
        std::count(path->begin(), path->end(), '/') != std::count(raw.begin(), raw.end(), '/')) {
        return std::nullopt;
    }
    bool has_dots = false;
    ascii::for_each_part(*path, '/', [&](std::string_view segment) {
        has_dots = has_dots || segment == "." || segment == "..";
    });
    if (has_dots) {
        return std::nullopt;
    }
    return path;
}

bool decode_query(std::string_view raw, std::vector<std::pair<std::string, std::string>>& parameters) {
    while (!raw.empty()) {
        const auto end = std::min(raw.find('&'), raw.size());
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty()) {
            continue;
        }
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value) {
            return false;
        }
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            decoded.push_back(' ');
        } else if (text[i] != '%') {
            decoded.push_back(text[i]);
        } else {
            const int high = i + 1 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? ascii::hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            decoded.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        }
    }
    if (!utf8::is_valid(decoded) || decoded.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    return decoded;
}

std::optional<Target> parse_target(std::string_view target) {
    const auto mark = std::min(target.find('?'), target.size());
    auto path = decode_path(target.substr(0, mark));
    Target parsed;
    if (!path || !decode_query(target.substr(std::min(mark + 1, target.size())), parsed.query)) {
        return std::nullopt;
    }
    parsed.path = std::move(*path);
    return parsed;
}

}  // namespace ping::http
