#include "images/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace ping::images {

Size fit(Size size, int side) {
    const int longest = std::max(size.width, size.height);
    if (longest <= side) {
        return size;
    }
    const double factor = static_cast<double>(side) / longest;
    const auto scale = [factor](int length) {
        return std::max(1, static_cast<int>(std::lround(length * factor)));
    };
    return {scale(size.width), scale(size.height)};
}

// From 5 on, rows become columns. EXIF 2.3, tag 274: what the first row and the first column show.
Pixels upright(Pixels pixels, int orientation) {
    if (orientation == 1) {
        return pixels;
    }
    const bool is_turned = orientation >= 5;
    const bool is_mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool is_flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const Size size = is_turned ? Size{pixels.height, pixels.width} : Size{pixels.width, pixels.height};
    Pixels result(size, pixels.channels);
    const auto pixel_bytes = static_cast<std::size_t>(pixels.channels);
    for (int y = 0; y < result.height; ++y) {
        auto* to = result.row(y);
        for (int x = 0; x < result.width; ++x, to += pixel_bytes) {
            // Where the pixel was: along the source's row, then down.
            int along = is_turned ? y : x;
            int down = is_turned ? x : y;
            along = is_mirrored ? pixels.width - 1 - along : along;
            down = is_flipped ? pixels.height - 1 - down : down;
            std::memcpy(to, pixels.row(down) + static_cast<std::size_t>(along) * pixel_bytes, pixel_bytes);
        }
    }
    return result;
}

Shrinker::Shrinker(Size from, Size to)
    : from_(from), result_(to, 4), sums_(static_cast<std::size_t>(to.width) * 4) {
    for (int x = 0; x <= to.width; ++x) {
        columns_.push_back(static_cast<std::uint32_t>(static_cast<std::int64_t>(x) * from.width / to.width));
    }
}

void Shrinker::add(const std::uint8_t* row) {
    auto* sum = sums_.data();
    for (std::size_t x = 0; x + 1 < columns_.size(); ++x, sum += 4) {
        for (const auto* pixel = row + std::size_t{columns_[x]} * 4;
             pixel < row + std::size_t{columns_[x + 1]} * 4; pixel += 4) {
            const std::uint32_t alpha = pixel[3];
            sum[0] += pixel[0] * alpha;
            sum[1] += pixel[1] * alpha;
            sum[2] += pixel[2] * alpha;
            sum[3] += alpha;
        }
    }
    ++rows_in_;
    ++rows_summed_;
    const auto end = static_cast<std::int64_t>(rows_out_ + 1) * from_.height / result_.height;
    if (rows_in_ >= end) {
        finish_row();
    }
}

// 35 * 35 pixels fall on one at most (16384 to 480), so that 32 bits hold the sums.
void Shrinker::finish_row() {
    auto* to = result_.row(rows_out_);
    for (std::size_t x = 0; x + 1 < columns_.size(); ++x, to += 4) {
        const auto* const sum = &sums_[x * 4];
        const auto alpha = std::max<std::uint32_t>(sum[3], 1);
        const auto count = (columns_[x + 1] - columns_[x]) * static_cast<std::uint32_t>(rows_summed_);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            to[channel] = static_cast<std::uint8_t>((sum[channel] + alpha / 2) / alpha);
        }
        to[3] = static_cast<std::uint8_t>((sum[3] + count / 2) / count);
    }
    std::ranges::fill(sums_, 0U);
    rows_summed_ = 0;
    ++rows_out_;
}

}  // namespace ping::images
