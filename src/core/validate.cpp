#include "ping/core/validate.hpp"

#include "ping/core/utf8.hpp"

#include <fmt/format.h>

namespace ping::validate {
namespace {

/// Spaces, and what is invisible at the ends of a name.
bool is_space(char32_t point) {
    return point == U' ' || point == 0x00A0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200D) ||
           point == 0x202F || point == 0x205F || point == 0x2060 || point == 0x3000 || point == 0xFEFF;
}

Error bad_field(std::string_view field, std::string_view what) {
    auto message = fmt::format("{} {}", field, what);
    return errors::invalid(message, "invalid_fields").with_field(std::string(field), message);
}

}  // namespace

Result<std::string> clean_name(std::string_view name, std::string_view field) {
    std::string clean;
    std::size_t end_of_word = 0;  // bytes up to here are not trailing space
    for (std::size_t at = 0; at < name.size();) {
        const auto point = utf8::decode(name, at);
        if (!point) {
            return bad_field(field, "must be valid UTF-8");
        }
        at += point->bytes;
        if (utf8::is_control(point->value) || utf8::is_bidi_control(point->value)) {
            continue;
        }
        const bool is_gap = is_space(point->value);
        if (is_gap && clean.empty()) {
            continue;
        }
        utf8::append(clean, point->value);
        end_of_word = is_gap ? end_of_word : clean.size();
    }
    clean.resize(end_of_word);
    if (clean.empty() || utf8::length(clean) > name_length_at_most) {
        return bad_field(field, fmt::format("must have 1 to {} characters", name_length_at_most));
    }
    return clean;
}

Result<void> check_text(std::string_view text, std::string_view field) {
    if (!utf8::is_valid(text)) {
        return bad_field(field, "must be valid UTF-8");
    }
    if (utf8::length(text) > text_length_at_most) {
        return bad_field(field, fmt::format("must have at most {} characters", text_length_at_most));
    }
    return ok();
}

}  // namespace ping::validate
