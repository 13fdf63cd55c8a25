#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Images made for tests: red, green, blue and white quarters, from the upper left in reading order.
namespace ping::test {

struct JpegOptions {
    int orientation = 0;  ///< 0: no EXIF
    bool gps = false;     ///< EXIF with a place, and the word `GPS-CANARY` in it
    bool progressive = false;
    std::string comment{};  ///< a COM segment
};

std::string jpeg_image(int width, int height, const JpegOptions& options = {});
/// A progressive JPEG whose last scan comes so many times.
std::string jpeg_with_scans(int width, int height, int scans);

/// Chunks by name and content, with lengths and CRCs.
std::string png_chunk(std::string_view type, std::string_view data);
/// `extra` is put behind the header, as chunks.
std::string png_image(int width, int height, const std::string& extra = {});
/// Says to be of that size, and holds a few rows of zeros: some kB.
std::string png_bomb(std::uint32_t width, std::uint32_t height);

std::string gif_image(int width, int height, int frames, const std::string& comment = {});

std::string webp_image(int width, int height);
/// Frames of one colour each: the first red, then blue ones.
std::string webp_animation(int width, int height, int frames);

}  // namespace ping::test
