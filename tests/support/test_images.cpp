#include "support/test_images.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <stdexcept>
#include <vector>
#include <webp/encode.h>
#include <zlib.h>

namespace ping::test {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

using Colour = std::array<std::uint8_t, 3>;
constexpr Colour red{255, 0, 0};
constexpr Colour blue{0, 0, 255};
constexpr std::array<Colour, 4> quarters{red, {0, 255, 0}, blue, {255, 255, 255}};

int quarter_of(int x, int y, int width, int height) {
    return (y >= height / 2 ? 2 : 0) + (x >= width / 2 ? 1 : 0);
}

std::vector<std::uint8_t> rgb_rows(int width, int height) {
    std::vector<std::uint8_t> rows;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto& colour = quarters[static_cast<std::size_t>(quarter_of(x, y, width, height))];
            rows.insert(rows.end(), colour.begin(), colour.end());
        }
    }
    return rows;
}

std::string big(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) {
        text.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    }
    return text;
}

std::string little(std::uint32_t value, int bytes) {
    const auto text = big(value, bytes);
    return {text.rbegin(), text.rend()};
}

std::string entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, const std::string& value) {
    return big(tag, 2) + big(type, 2) + big(count, 4) + value;
}

/// EXIF with an orientation, and with a GPS directory behind it.
std::string exif(const JpegOptions& options) {
    constexpr std::uint32_t gps_at = 8 + 2 + 2 * 12 + 4;
    std::string tiff = "MM\0*"s + big(8, 4) + big(2, 2);
    tiff += entry(
        0x0112, 3, 1,
        big(static_cast<std::uint32_t>(options.orientation == 0 ? 1 : options.orientation), 2) + big(0, 2));
    tiff += entry(0x8825, 4, 1, big(gps_at, 4)) + big(0, 4);
    tiff += big(1, 2) + entry(0x001B, 7, 10, big(gps_at + 2 + 12 + 4, 4)) + big(0, 4) + "GPS-CANARY";
    return "Exif\0\0"s + tiff;
}

std::string deflate(const std::string& bytes) {
    auto size = ::compressBound(bytes.size());
    std::string packed(size, '\0');
    if (::compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                   reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) != Z_OK) {
        throw std::runtime_error("deflate");
    }
    packed.resize(size);
    return packed;
}

constexpr auto png_signature = "\x89PNG\r\n\x1A\n"sv;

std::string png_header(std::uint32_t width, std::uint32_t height) {
    return png_chunk("IHDR", big(width, 4) + big(height, 4) + "\x08\x02\0\0\0"s);
}

/// LZW codes of 9 bits that never grow: a clear code before the table fills.
std::string gif_data(const std::vector<std::uint8_t>& indexes) {
    constexpr std::uint32_t clear = 256;
    constexpr std::uint32_t end = 257;
    constexpr std::size_t between_clears = 200;
    std::string packed;
    std::uint32_t bits = 0;
    int count = 0;
    const auto put = [&](std::uint32_t code) {
        bits |= code << count;
        for (count += 9; count >= 8; count -= 8, bits >>= 8) {
            packed.push_back(static_cast<char>(bits & 0xFFU));
        }
    };
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (i % between_clears == 0) {
            put(clear);
        }
        put(indexes[i]);
    }
    put(end);
    packed.push_back(static_cast<char>(bits & 0xFFU));
    std::string blocks = "\x08"s;
    for (std::size_t at = 0; at < packed.size(); at += 255) {
        const auto block = packed.substr(at, 255);
        blocks += static_cast<char>(block.size()) + block;
    }
    return blocks + '\0';
}

std::string riff(const std::string& chunks) {
    return "RIFF" + little(static_cast<std::uint32_t>(chunks.size() + 4), 4) + "WEBP" + chunks;
}

std::string riff_chunk(const std::string& type, const std::string& data) {
    return type + little(static_cast<std::uint32_t>(data.size()), 4) + data +
           (data.size() % 2 == 0 ? "" : "\0"s);
}

std::string encode_webp(const std::vector<std::uint8_t>& rgb, int width, int height) {
    std::uint8_t* bytes = nullptr;
    const auto size = WebPEncodeRGB(rgb.data(), width, height, width * 3, 90, &bytes);
    std::string file(bytes, bytes + size);
    WebPFree(bytes);
    return file;
}

}  // namespace

std::string jpeg_image(int width, int height, const JpegOptions& options) {
    jpeg_compress_struct codec{};
    jpeg_error_mgr errors{};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_compress(&codec);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&codec, &bytes, &size);
    codec.image_width = static_cast<JDIMENSION>(width);
    codec.image_height = static_cast<JDIMENSION>(height);
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    if (options.progressive) {
        jpeg_simple_progression(&codec);
    }
    jpeg_start_compress(&codec, TRUE);
    const auto write_marker = [&](int marker, const std::string& data) {
        jpeg_write_marker(&codec, marker, reinterpret_cast<const JOCTET*>(data.data()),
                          static_cast<unsigned int>(data.size()));
    };
    if (options.orientation != 0 || options.gps) {
        write_marker(JPEG_APP0 + 1, exif(options));
    }
    if (!options.comment.empty()) {
        write_marker(JPEG_COM, options.comment);
    }
    auto rows = rgb_rows(width, height);
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = &rows[codec.next_scanline * static_cast<std::size_t>(width) * 3];
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    std::string file(bytes, bytes + size);
    std::free(bytes);
    return file;
}

std::string jpeg_with_scans(int width, int height, int scans) {
    JpegOptions options;
    options.progressive = true;
    auto file = jpeg_image(width, height, options);
    const auto last = file.rfind("\xFF\xDA");
    const auto scan = file.substr(last, file.size() - last - 2);
    file.resize(file.size() - 2);
    for (int i = 1; i < scans; ++i) {
        file += scan;
    }
    return file + "\xFF\xD9";
}

std::string png_chunk(std::string_view type, std::string_view data) {
    const auto body = std::string(type) + std::string(data);
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big(static_cast<std::uint32_t>(data.size()), 4) + body + big(static_cast<std::uint32_t>(crc), 4);
}

std::string png_image(int width, int height, const std::string& extra) {
    const auto rgb = rgb_rows(width, height);
    const auto stride = static_cast<std::size_t>(width) * 3;
    std::string rows;
    for (int y = 0; y < height; ++y) {
        rows.push_back('\0');
        rows.append(reinterpret_cast<const char*>(rgb.data()) + static_cast<std::size_t>(y) * stride, stride);
    }
    return std::string(png_signature) +
           png_header(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)) + extra +
           png_chunk("IDAT", deflate(rows)) + png_chunk("IEND", {});
}

std::string png_bomb(std::uint32_t width, std::uint32_t height) {
    constexpr std::size_t zeros = 6UL * 1024 * 1024;
    return std::string(png_signature) + png_header(width, height) +
           png_chunk("IDAT", deflate(std::string(zeros, '\0'))) + png_chunk("IEND", {});
}

std::string gif_image(int width, int height, int frames, const std::string& comment) {
    const auto size =
        little(static_cast<std::uint32_t>(width), 2) + little(static_cast<std::uint32_t>(height), 2);
    std::string file = "GIF89a" + size + "\xF7\0\0"s;
    for (std::size_t i = 0; i < 256; ++i) {
        const auto& colour = quarters[i % 4];
        file.append(colour.begin(), colour.end());
    }
    file += "\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"s;
    if (!comment.empty()) {
        file += "\x21\xFE"s + static_cast<char>(comment.size()) + comment + '\0';
    }
    std::vector<std::uint8_t> indexes;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            indexes.push_back(static_cast<std::uint8_t>(quarter_of(x, y, width, height)));
        }
    }
    const auto frame = "\x21\xF9\x04\0\x0A\0\0\0\x2C\0\0\0\0"s + size + '\0' + gif_data(indexes);
    for (int i = 0; i < frames; ++i) {
        file += frame;
    }
    return file + ';';
}

std::string webp_image(int width, int height) {
    return encode_webp(rgb_rows(width, height), width, height);
}

std::string webp_animation(int width, int height, int frames) {
    const auto side = [](int length) { return little(static_cast<std::uint32_t>(length - 1), 3); };
    const auto canvas = side(width) + side(height);
    std::string chunks = riff_chunk("VP8X", "\x02\0\0\0"s + canvas) + riff_chunk("ANIM", "\0\0\0\0\0\0"s);
    for (int i = 0; i < frames; ++i) {
        const auto& colour = i == 0 ? red : blue;
        std::vector<std::uint8_t> rgb;
        for (int pixel = 0; pixel < width * height; ++pixel) {
            rgb.insert(rgb.end(), colour.begin(), colour.end());
        }
        constexpr std::size_t riff_head = 12;
        chunks += riff_chunk("ANMF", "\0\0\0\0\0\0"s + canvas + "\x64\0\0\0"s +
                                         encode_webp(rgb, width, height).substr(riff_head));
    }
    return riff(chunks);
}

}  // namespace ping::test
