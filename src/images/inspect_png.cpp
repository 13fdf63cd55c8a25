#include "images/bytes.hpp"
#include "images/inspect.hpp"

#include <algorithm>
#include <array>

// Chunks of PNG (third edition) §5: length, type, data, CRC. The CRCs are the decoder's.
namespace ping::images {
namespace {

constexpr std::size_t signature_bytes = 8;
constexpr std::size_t wrapping_bytes = 12;
constexpr std::uint32_t header_bytes = 13;
// What the picture is made of, and how its colours are meant. All else is metadata, or an animation.
constexpr std::array<std::string_view, 8> kept{"IHDR", "PLTE", "tRNS", "gAMA",
                                               "cHRM", "sRGB", "IDAT", "IEND"};

}  // namespace

Checked<Inspected> inspect_png(std::string_view bytes) {
    Inspected inspected;
    inspected.clean = bytes.substr(0, signature_bytes);
    for (std::size_t at = signature_bytes; bytes.size() - at >= wrapping_bytes;) {
        const auto length = big32(bytes, at);
        if (length > bytes.size() - at - wrapping_bytes) {
            return Refusal::broken;
        }
        const auto type = bytes.substr(at + 4, 4);
        const bool is_first = at == signature_bytes;
        if (is_first != (type == "IHDR") || (is_first && length != header_bytes)) {
            return Refusal::broken;
        }
        if (is_first) {
            // Numbers above 2^31 are refused as too large all the same.
            inspected.width =
                static_cast<int>(std::min<std::uint32_t>(big32(bytes, at + 8), side_at_most + 1));
            inspected.height =
                static_cast<int>(std::min<std::uint32_t>(big32(bytes, at + 12), side_at_most + 1));
        }
        const auto size = length + wrapping_bytes;
        if (std::ranges::find(kept, type) != kept.end()) {
            inspected.clean += bytes.substr(at, size);
        }
        if (type == "IEND") {
            return inspected;
        }
        at += size;
    }
    return Refusal::broken;
}

}  // namespace ping::images
