#include "images/pixels.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::images;

namespace {

// One byte per pixel is enough to see where it goes: `text` has a row per `/`.
Pixels from_text(const std::string& text) {
    const auto width = static_cast<int>(text.find('/'));
    const auto height = static_cast<int>((text.size() + 1) / static_cast<std::size_t>(width + 1));
    Pixels pixels({width, height}, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            pixels.row(y)[x * 3] =
                static_cast<std::uint8_t>(text[static_cast<std::size_t>(y * (width + 1) + x)]);
        }
    }
    return pixels;
}

std::string to_text(const Pixels& pixels) {
    std::string text;
    for (int y = 0; y < pixels.height; ++y) {
        text += y == 0 ? "" : "/";
        for (int x = 0; x < pixels.width; ++x) {
            text.push_back(static_cast<char>(pixels.row(y)[x * 3]));
        }
    }
    return text;
}

}  // namespace

TEST_CASE("pixels: every EXIF orientation stands upright", "[images]") {
    // As stored by a camera held each way: the scene is `abc/def`.
    const char* const stored[] = {"abc/def",  "cba/fed",  "fed/cba",  "def/abc",
                                  "ad/be/cf", "cf/be/ad", "fc/eb/da", "da/eb/fc"};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        INFO(orientation);
        CHECK(to_text(upright(from_text(stored[orientation - 1]), orientation)) == "abc/def");
    }
}

TEST_CASE("pixels: a size fits into a square and keeps its shape", "[images]") {
    const auto of = [](int width, int height) {
        const auto size = fit({width, height}, 480);
        return std::to_string(size.width) + "x" + std::to_string(size.height);
    };
    CHECK(of(4000, 3000) == "480x360");
    CHECK(of(3000, 4000) == "360x480");
    CHECK(of(480, 480) == "480x480");
    CHECK(of(10, 20) == "10x20");
    CHECK(of(16384, 1) == "480x1");
}

TEST_CASE("pixels: shrinking averages, and what cannot be seen does not colour the rest", "[images]") {
    const std::uint8_t top[] = {255, 0, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255};
    const std::uint8_t bottom[] = {255, 0, 0, 255, 0, 255, 0, 0, 9, 9, 9, 255};
    Shrinker shrinker({3, 2}, {1, 1});
    shrinker.add(top);
    shrinker.add(bottom);
    const auto pixels = shrinker.take();
    CHECK(pixels.bytes == std::vector<std::uint8_t>{106, 4, 55, 213});
}

TEST_CASE("pixels: a size that is kept keeps every pixel", "[images]") {
    const std::uint8_t row[] = {1, 2, 3, 255, 4, 5, 6, 128, 7, 8, 9, 1};
    Shrinker shrinker({3, 1}, {3, 1});
    shrinker.add(row);
    CHECK(shrinker.take().bytes == std::vector<std::uint8_t>(std::begin(row), std::end(row)));
}
