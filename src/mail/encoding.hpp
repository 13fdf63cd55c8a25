#pragma once

#include <string>
#include <string_view>

namespace ping::mail {

/// Whether `text` holds a byte below 0x20 or 0x7F: such a text must not become a header.
bool has_controls(std::string_view text);

/// Quoted-printable (RFC 2045 §6.7). Any line end of `text` (CRLF, CR, LF) becomes CRLF, the last line gets
/// one. Output lines have at most 76 bytes, are ASCII, and never begin with a dot, so that they pass SMTP as
/// they are.
std::string quoted_printable(std::string_view text);

/// `text` as RFC 2047 encoded words in UTF-8, folded with CRLF and a space; characters are not split.
std::string encoded_words(std::string_view text);

/// `text` as a header's unstructured value: as it is when short printable ASCII, else as encoded words.
std::string header_text(std::string_view text);

}  // namespace ping::mail
