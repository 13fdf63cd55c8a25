#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ping::auth {

/// The one form of an e-mail address that Ping keeps and compares, or nothing when it is not accepted
/// (TRUST.md T9, T15): surrounding spaces cut, ASCII only, lower case; before the `@` a dot-atom (RFC 5322
/// §3.2.3) of at most 64 bytes without quotes, behind it at least two LDH labels (RFC 1123 §2.1), the last
/// not all digits; at most 254 bytes. In particular it holds no `:`, space, control byte, quote or bracket,
/// so it is safe within a key and an SMTP command.
std::optional<std::string> normalise_email(std::string_view text);

/// The address that mail limits count on: without its `+tag`.
std::string mailbox_of(std::string_view normalised);

/// The name of a new user: the first 8 characters of the mailbox name.
std::string default_name(std::string_view normalised);

}  // namespace ping::auth
