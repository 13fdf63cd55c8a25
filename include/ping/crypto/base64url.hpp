#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ping::crypto {

/// base64url without padding (RFC 4648 §5).
std::string base64url_encode(std::string_view bytes);
/// Nothing for a character outside the alphabet, padding, an impossible length or leftover bits that are not
/// zero.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace ping::crypto
