#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// How an image's blobs are called.
namespace ping::media {

inline constexpr std::string_view thumbnail_ending = ".thumb";

inline std::string thumbnail_name(const std::string& public_id) {
    return public_id + std::string(thumbnail_ending);
}

/// 32 lower-case hex digits: 128 bits that nobody guesses.
inline bool is_public_id(std::string_view text) {
    constexpr std::size_t digits = 32;
    return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The image that a blob belongs to; empty when it is none of ours.
inline std::string public_id_of(std::string_view blob) {
    if (blob.ends_with(thumbnail_ending)) {
        blob.remove_suffix(thumbnail_ending.size());
    }
    return is_public_id(blob) ? std::string(blob) : std::string();
}

}  // namespace ping::media
