#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ping::images {

struct Size {
    int width = 0;
    int height = 0;
};

/// Rows of pixels without gaps, `channels` bytes each: 3 (RGB) or 4 (RGBA, the colours not multiplied).
struct Pixels {
    Pixels(Size size, int channels_in)
        : width(size.width),
          height(size.height),
          channels(channels_in),
          bytes(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) *
                static_cast<std::size_t>(channels_in)) {}

    std::size_t stride() const {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    }
    std::uint8_t* row(int y) { return bytes.data() + static_cast<std::size_t>(y) * stride(); }
    const std::uint8_t* row(int y) const { return bytes.data() + static_cast<std::size_t>(y) * stride(); }

    int width;
    int height;
    int channels;
    std::vector<std::uint8_t> bytes;
};

/// The size within a square of `side` that keeps the shape; never larger than `size`.
Size fit(Size size, int side);

/// Turned and mirrored so that an image of this EXIF orientation stands upright.
Pixels upright(Pixels pixels, int orientation);

/// Makes an image smaller while its rows come in, by averaging the pixels that fall on one. No side grows.
class Shrinker {
public:
    Shrinker(Size from, Size to);

    /// The next row, RGBA, from the top.
    void add(const std::uint8_t* row);
    /// After the last row.
    Pixels take() { return std::move(result_); }

private:
    void finish_row();

    Size from_;
    Pixels result_;
    std::vector<std::uint32_t> sums_;  // of a row of the result: red, green, blue by their alpha, and alpha
    std::vector<std::uint32_t> columns_;  // where each column of the result begins, and the end
    int rows_in_ = 0;                     // of the source, all
    int rows_summed_ = 0;                 // of the source, in `sums_`
    int rows_out_ = 0;
};

}  // namespace ping::images
