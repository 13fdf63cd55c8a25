#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Numbers in a file's bytes. The caller has checked that they are there.
namespace ping::images {

inline std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}
inline std::uint32_t big16(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}
inline std::uint32_t big32(std::string_view bytes, std::size_t at) {
    return big16(bytes, at) << 16 | big16(bytes, at + 2);
}
inline std::uint32_t little16(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}
inline std::uint32_t little24(std::string_view bytes, std::size_t at) {
    return little16(bytes, at) | byte_at(bytes, at + 2) << 16;
}
inline std::uint32_t little32(std::string_view bytes, std::size_t at) {
    return little16(bytes, at) | little16(bytes, at + 2) << 16;
}

}  // namespace ping::images
