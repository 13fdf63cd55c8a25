#include "ping/core/utf8.hpp"

#include <algorithm>

namespace ping::utf8 {
namespace {

struct Lead {
    std::size_t bytes;
    char32_t bits;
    char32_t least;  // smaller values are overlong forms
};

std::optional<Lead> read_lead(unsigned char byte) {
    if (byte < 0x80) {
        return Lead{1, byte, 0};
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return Lead{2, byte & 0x1FU, 0x80};
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        return Lead{3, byte & 0x0FU, 0x800};
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        return Lead{4, byte & 0x07U, 0x10000};
    }
    return std::nullopt;
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::optional<CodePoint> decode(std::string_view text, std::size_t at) {
    const auto lead = read_lead(static_cast<unsigned char>(text[at]));
    if (!lead || text.size() - at < lead->bytes) {
        return std::nullopt;
    }
    char32_t value = lead->bits;
    for (std::size_t i = 1; i < lead->bytes; ++i) {
        if (!is_continuation(text[at + i])) {
            return std::nullopt;
        }
        value = (value << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < lead->least || is_surrogate || value > 0x10FFFF) {
        return std::nullopt;
    }
    return CodePoint{value, lead->bytes};
}

void append(std::string& text, char32_t code_point) {
    const auto tail = [&](unsigned shift) {
        text.push_back(static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)));
    };
    if (code_point < 0x80) {
        text.push_back(static_cast<char>(code_point));
    } else if (code_point < 0x800) {
        text.push_back(static_cast<char>(0xC0U | (code_point >> 6U)));
        tail(0);
    } else if (code_point < 0x10000) {
        text.push_back(static_cast<char>(0xE0U | (code_point >> 12U)));
        tail(6);
        tail(0);
    } else {
        text.push_back(static_cast<char>(0xF0U | (code_point >> 18U)));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool is_valid(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto point = decode(text, at);
        if (!point) {
            return false;
        }
        at += point->bytes;
    }
    return true;
}

std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::string_view prefix(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) {
        return text;
    }
    while (bytes > 0 && is_continuation(text[bytes])) {
        --bytes;
    }
    return text.substr(0, bytes);
}

bool is_control(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) || code_point == 0x2028 ||
           code_point == 0x2029;
}

bool is_bidi_control(char32_t code_point) {
    return code_point == 0x061C || code_point == 0x200E || code_point == 0x200F ||
           (code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace ping::utf8
