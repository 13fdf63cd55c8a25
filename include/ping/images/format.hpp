#pragma once

#include <optional>
#include <string_view>

namespace ping::images {

/// The kinds of images that are taken, kept and served.
enum class Format { jpeg, png, gif, webp };

/// By the first bytes alone: neither a name nor a Content-Type is believed. 12 bytes are enough.
std::optional<Format> sniff(std::string_view bytes);

/// `jpeg`, `png`, `gif`, `webp`.
std::string_view to_string(Format format);
std::optional<Format> parse_format(std::string_view text);
/// `image/jpeg` and so on.
std::string_view content_type(Format format);

}  // namespace ping::images
