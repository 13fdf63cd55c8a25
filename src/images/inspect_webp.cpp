#include "images/bytes.hpp"
#include "images/inspect.hpp"

#include <algorithm>
#include <optional>

// RFC 9649 §2: a RIFF of chunks. Of an animation the first frame is kept, as a still image of the frame's
// size.
namespace ping::images {
namespace {

constexpr std::size_t riff_bytes = 12;
constexpr std::size_t chunk_head = 8;
constexpr std::size_t frame_head = 16;
constexpr std::uint32_t alpha_flag = 0x10;

struct Chunk {
    std::string_view type;
    std::string_view data;
};

/// Takes a chunk off the front, with its padding to an even length.
std::optional<Chunk> take_chunk(std::string_view& bytes) {
    if (bytes.size() < chunk_head) {
        return std::nullopt;
    }
    const auto size = little32(bytes, 4);
    if (size > bytes.size() - chunk_head) {
        return std::nullopt;
    }
    const Chunk chunk{bytes.substr(0, 4), bytes.substr(chunk_head, size)};
    bytes.remove_prefix(std::min<std::size_t>(chunk_head + size + (size & 1U), bytes.size()));
    return chunk;
}

void append_little(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    }
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
    out += type;
    append_little(out, static_cast<std::uint32_t>(data.size()), 4);
    out += data;
    if (data.size() % 2 != 0) {
        out.push_back('\0');
    }
}

/// The parts of one still image.
struct Parts {
    std::string_view alpha;
    std::string_view lossy;
    std::string_view lossless;

    bool is_whole() const { return !lossy.empty() || !lossless.empty(); }
    void add(const Chunk& chunk) {
        if (chunk.type == "ALPH" && alpha.empty()) {
            alpha = chunk.data;
        } else if (chunk.type == "VP8 " && !is_whole()) {
            lossy = chunk.data;
        } else if (chunk.type == "VP8L" && !is_whole()) {
            lossless = chunk.data;
        }
    }
};

// RFC 6386 §9.1 and RFC 9649 §3.4.
bool read_size(const Parts& parts, Inspected& inspected) {
    if (!parts.lossy.empty()) {
        constexpr std::size_t head = 10;
        if (parts.lossy.size() < head || parts.lossy.substr(3, 3) != "\x9D\x01\x2A") {
            return false;
        }
        inspected.width = static_cast<int>(little16(parts.lossy, 6) & 0x3FFFU);
        inspected.height = static_cast<int>(little16(parts.lossy, 8) & 0x3FFFU);
        return true;
    }
    constexpr std::size_t head = 5;
    if (parts.lossless.size() < head || byte_at(parts.lossless, 0) != 0x2F) {
        return false;
    }
    const auto bits = little32(parts.lossless, 1);
    inspected.width = static_cast<int>(bits & 0x3FFFU) + 1;
    inspected.height = static_cast<int>(bits >> 14 & 0x3FFFU) + 1;
    return true;
}

std::string write(const Parts& parts, const Inspected& inspected) {
    std::string chunks;
    if (!parts.lossy.empty() && !parts.alpha.empty()) {
        std::string extended;
        append_little(extended, alpha_flag, 4);
        append_little(extended, static_cast<std::uint32_t>(inspected.width - 1), 3);
        append_little(extended, static_cast<std::uint32_t>(inspected.height - 1), 3);
        append_chunk(chunks, "VP8X", extended);
        append_chunk(chunks, "ALPH", parts.alpha);
    }
    if (parts.lossy.empty()) {
        append_chunk(chunks, "VP8L", parts.lossless);
    } else {
        append_chunk(chunks, "VP8 ", parts.lossy);
    }
    std::string file("RIFF");
    append_little(file, static_cast<std::uint32_t>(chunks.size() + 4), 4);
    return file + "WEBP" + chunks;
}

}  // namespace

Checked<Inspected> inspect_webp(std::string_view bytes) {
    if (bytes.size() < riff_bytes) {
        return Refusal::broken;
    }
    const auto size = little32(bytes, 4);
    if (size < 4 || size > bytes.size() - 8) {
        return Refusal::broken;
    }
    auto rest = bytes.substr(riff_bytes, size - 4);
    Inspected inspected;
    Parts parts;
    bool has_frame = false;
    while (const auto chunk = take_chunk(rest)) {
        if (chunk->type == "ANMF" && !has_frame && chunk->data.size() >= frame_head) {
            has_frame = true;
            auto frame = chunk->data.substr(frame_head);
            while (const auto part = take_chunk(frame)) {
                parts.add(*part);
            }
        } else if (chunk->type == "EXIF" && inspected.orientation == 1) {
            // Some writers put the JPEG segment's name before it.
            const auto name_bytes = chunk->data.starts_with("Exif") ? 6 : 0;
            inspected.orientation =
                exif_orientation(chunk->data.substr(std::min<std::size_t>(name_bytes, chunk->data.size())));
        } else {
            parts.add(*chunk);
        }
    }
    if (!parts.is_whole() || !read_size(parts, inspected)) {
        return Refusal::broken;
    }
    if (inspected.width > 0 && inspected.height > 0) {
        inspected.clean = write(parts, inspected);
    }
    return inspected;
}

}  // namespace ping::images
