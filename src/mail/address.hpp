#pragma once

#include "ping/core/error.hpp"

#include <string>
#include <string_view>

namespace ping::mail {

/// Whether `text` is exactly one addr-spec that is safe in an SMTP command and in a header: ASCII, a dot-atom
/// of at most 64 bytes, `@`, a domain of letter-digit-hyphen labels, at most 254 bytes in all (RFC 5321
/// §4.5.3). Quoted names, comments and address literals are refused.
bool is_address(std::string_view text);

/// The part after the `@` of an address that `is_address`.
std::string_view domain_of(std::string_view address);

struct Mailbox {
    std::string name;  ///< may be empty; no control characters
    std::string address;
};

/// Reads `Name <user@host>`, `"Name" <user@host>` or `user@host`, as config's `mail.from` has it.
Result<Mailbox> parse_mailbox(std::string_view text);

}  // namespace ping::mail
