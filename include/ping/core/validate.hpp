#pragma once

#include "ping/core/error.hpp"

#include <string>
#include <string_view>

namespace ping::validate {

inline constexpr std::size_t name_length_at_most = 50;    ///< code points
inline constexpr std::size_t text_length_at_most = 4000;  ///< code points

/// A name as it is stored and shown: without control characters and signs that turn the direction of text,
/// and without spaces around it (TRUST.md T39). `invalid` with the field `field` when it is not UTF-8 or not
/// 1 to 50 characters long after that.
Result<std::string> clean_name(std::string_view name, std::string_view field = "name");

/// Whether `text` can be a message's: valid UTF-8 of at most 4000 code points. It may be empty. `invalid`
/// with the field `field` otherwise.
Result<void> check_text(std::string_view text, std::string_view field = "text");

}  // namespace ping::validate
