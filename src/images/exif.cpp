#include "images/bytes.hpp"
#include "images/inspect.hpp"

namespace ping::images {
namespace {

constexpr std::size_t header_bytes = 8;
constexpr std::size_t entry_bytes = 12;
constexpr std::uint32_t orientation_tag = 274;
constexpr std::uint32_t short_type = 3;

}  // namespace

// TIFF 6.0 §2: byte order, 42, where the first directory is; there a count and entries of 12 bytes (tag,
// type, count, value).
int exif_orientation(std::string_view tiff) {
    if (tiff.size() < header_bytes || (!tiff.starts_with("II") && !tiff.starts_with("MM"))) {
        return 1;
    }
    const auto u16 = tiff[0] == 'M' ? big16 : little16;
    const auto u32 = tiff[0] == 'M' ? big32 : little32;
    const std::size_t directory = u32(tiff, 4);
    if (directory > tiff.size() - 2) {
        return 1;
    }
    const auto count = u16(tiff, directory);
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto entry = directory + 2 + i * entry_bytes;
        if (entry + entry_bytes > tiff.size()) {
            break;
        }
        if (u16(tiff, entry) == orientation_tag && u16(tiff, entry + 2) == short_type) {
            const auto value = u16(tiff, entry + 8);
            return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
        }
    }
    return 1;
}

}  // namespace ping::images
