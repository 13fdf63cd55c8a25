#include "images/bytes.hpp"
#include "images/inspect.hpp"

#include <optional>

// Markers of ITU-T T.81, table B.1.
namespace ping::images {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t marker_start = 0xFF;
constexpr std::uint32_t start_of_frame = 0xC0;
constexpr std::uint32_t progressive_frame = 0xC2;
constexpr std::uint32_t huffman_tables = 0xC4;
constexpr std::uint32_t extension_frame = 0xC8;
constexpr std::uint32_t arithmetic_tables = 0xCC;
constexpr std::uint32_t last_frame = 0xCF;
constexpr std::uint32_t first_restart = 0xD0;
constexpr std::uint32_t last_restart = 0xD7;
constexpr std::uint32_t end_of_image = 0xD9;
constexpr std::uint32_t start_of_scan = 0xDA;
constexpr std::uint32_t exif_segment = 0xE1;
constexpr std::string_view exif_name = "Exif\0\0"sv;

bool is_frame(std::uint32_t marker) {
    return marker >= start_of_frame && marker <= last_frame && marker != huffman_tables &&
           marker != extension_frame && marker != arithmetic_tables;
}

/// Reads the file marker by marker.
class Walk {
public:
    explicit Walk(std::string_view bytes) : bytes_(bytes) {}

    /// The next marker, with its segment where it has one. Nothing: the file is broken.
    std::optional<std::uint32_t> next() {
        if (at_ >= bytes_.size() || byte_at(bytes_, at_) != marker_start) {
            return std::nullopt;
        }
        at_ = bytes_.find_first_not_of('\xFF', at_);  // any number of fill bytes
        if (at_ == std::string_view::npos) {
            return std::nullopt;
        }
        const auto marker = byte_at(bytes_, at_++);
        segment_ = {};
        return has_segment(marker) && !take_segment() ? std::nullopt : std::optional(marker);
    }
    std::string_view segment() const { return segment_; }

    /// Behind a scan's header: to the marker that follows its data. A zero behind 0xFF is data, and so are
    /// restart markers.
    void skip_scan() {
        while (true) {
            at_ = bytes_.find('\xFF', at_);
            if (at_ == std::string_view::npos || at_ + 1 >= bytes_.size()) {
                at_ = bytes_.size();
                return;
            }
            const auto after = byte_at(bytes_, at_ + 1);
            if (after != 0 && after != marker_start && (after < first_restart || after > last_restart)) {
                return;
            }
            at_ += after == marker_start ? 1 : 2;
        }
    }

private:
    static bool has_segment(std::uint32_t marker) {
        return marker != end_of_image && marker != 0x01 && (marker < first_restart || marker > 0xD8);
    }
    bool take_segment() {
        if (bytes_.size() - at_ < 2) {
            return false;
        }
        const auto length = big16(bytes_, at_);  // the two bytes of it included
        if (length < 2 || length > bytes_.size() - at_) {
            return false;
        }
        segment_ = bytes_.substr(at_ + 2, length - 2);
        at_ += length;
        return true;
    }

    std::string_view bytes_;
    std::size_t at_ = 2;  // behind the start of the image
    std::string_view segment_;
};

/// Baseline, extended and progressive with Huffman codes, 8 bits, grey or three colours: what cameras and
/// browsers write. Lossless, hierarchical, arithmetic and four colours are not.
Checked<void> read_frame(std::uint32_t marker, std::string_view segment, Inspected& inspected) {
    constexpr std::size_t fixed_part = 6;
    if (segment.size() < fixed_part || inspected.width != 0) {
        return Refusal::broken;
    }
    const auto components = byte_at(segment, 5);
    if (marker > progressive_frame || byte_at(segment, 0) != 8 || (components != 1 && components != 3)) {
        return Refusal::unsupported;
    }
    inspected.height = static_cast<int>(big16(segment, 1));
    inspected.width = static_cast<int>(big16(segment, 3));
    return {};
}

}  // namespace

Checked<Inspected> inspect_jpeg(std::string_view bytes) {
    Inspected inspected;
    Walk walk(bytes);
    bool has_exif = false;
    for (int scans = 0;;) {
        const auto marker = walk.next();
        if (!marker) {
            return Refusal::broken;
        }
        if (*marker == end_of_image) {
            return scans > 0 ? Checked<Inspected>(inspected) : Refusal::broken;
        }
        if (*marker == start_of_scan) {
            if (++scans > scans_at_most) {
                return Refusal::too_complex;
            }
            walk.skip_scan();
        } else if (is_frame(*marker)) {
            if (const auto read = read_frame(*marker, walk.segment(), inspected); !read) {
                return read.error();
            }
        } else if (*marker == exif_segment && !has_exif && walk.segment().starts_with(exif_name)) {
            has_exif = true;
            inspected.orientation = exif_orientation(walk.segment().substr(exif_name.size()));
        }
    }
}

}  // namespace ping::images
