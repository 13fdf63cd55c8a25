#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ping::utf8 {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;  ///< that it takes in the text
};

/// The code point that starts at `text[at]`; nothing when the bytes there are not well-formed UTF-8 (RFC
/// 3629: no overlong form, no surrogate, nothing above U+10FFFF).
std::optional<CodePoint> decode(std::string_view text, std::size_t at);
void append(std::string& text, char32_t code_point);

bool is_valid(std::string_view text);
/// Code points of a valid text.
std::size_t length(std::string_view text);
/// The longest start of `text` of at most `bytes` bytes that does not cut a code point in two.
std::string_view prefix(std::string_view text, std::size_t bytes);

/// U+0000-001F, U+007F-009F, and the separators U+2028 and U+2029 that some programs read as a line's end.
bool is_control(char32_t code_point);
/// What turns the direction of text around (CVE-2021-42574): embeddings, overrides, isolates and marks.
bool is_bidi_control(char32_t code_point);

}  // namespace ping::utf8
