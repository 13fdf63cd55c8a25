#pragma once

#include "ping/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace ping::http {

enum class Coding { identity, gzip, brotli };

/// The best of br, gzip and identity that an Accept-Encoding header takes (RFC 9110 §12.5.3); identity when
/// it names neither. Identity is given even where the header refuses it: an answer is better than 406.
Coding choose_coding(std::string_view accept_encoding, bool has_brotli, bool has_gzip);

/// What a gzip file was (RFC 1952). internal when it is broken or larger than `limit`.
Result<std::string> inflate_gzip(std::string_view gzip, std::size_t limit);

}  // namespace ping::http
