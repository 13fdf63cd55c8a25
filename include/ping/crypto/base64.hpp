#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ping::crypto {

/// base64 with padding (RFC 4648 §4).
std::string base64_encode(std::string_view bytes);
/// Nothing for anything but the one spelling of some bytes: a character outside the alphabet, missing
/// padding, leftover bits that are not zero.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace ping::crypto
