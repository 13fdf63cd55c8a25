#include "images/inspect.hpp"

#include "support/print_checked.hpp"
#include "support/test_images.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace ping::images;
using namespace ping::test;

namespace {

std::optional<Refusal> refusal_of(std::string_view file) {
    const auto inspected = inspect(file);
    return inspected ? std::nullopt : std::optional(inspected.error());
}

Inspected accepted(std::string_view file) {
    const auto inspected = inspect(file);
    REQUIRE(inspected);
    return *inspected;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("inspect: the four formats are known by their content", "[images]") {
    CHECK(accepted(jpeg_image(30, 20)).format == Format::jpeg);
    CHECK(accepted(png_image(30, 20)).format == Format::png);
    CHECK(accepted(gif_image(30, 20, 2)).format == Format::gif);
    CHECK(accepted(webp_image(30, 20)).format == Format::webp);
    for (const auto& file :
         {jpeg_image(30, 20), png_image(30, 20), gif_image(30, 20, 2), webp_image(30, 20)}) {
        CHECK(accepted(file).width == 30);
        CHECK(accepted(file).height == 20);
    }
}

TEST_CASE("T44: what is no image is unsupported, whatever it is called", "[images]") {
    for (const std::string_view file :
         {"", "<html><script>alert(1)</script>",
          "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "%PDF-1.7\n", "PK\x03\x04", "BM",
          "II*", "\xFF\xD8", "GIF88a", "RIFF\x10\x10\x10\x10WAVE", "\x89PNG\n\x1A\n"}) {
        INFO(file);
        CHECK(refusal_of(file) == Refusal::unsupported);
    }
}

TEST_CASE("T44: images too large by their header are refused", "[images]") {
    CHECK(refusal_of(png_bomb(50'000, 50'000)) == Refusal::too_large);
    CHECK(refusal_of(png_bomb(0xFFFFFFFF, 1)) == Refusal::too_large);
    CHECK(refusal_of(png_bomb(16'385, 1)) == Refusal::too_large);
    CHECK(refusal_of(png_bomb(5'001, 5'000)) == Refusal::too_large);
    CHECK_FALSE(refusal_of(png_bomb(5'000, 5'000)));  // the decoder will find that there is nothing in it
    CHECK_FALSE(refusal_of(png_bomb(16'384, 1)));
    CHECK(refusal_of(png_bomb(0, 5)) == Refusal::broken);
}

TEST_CASE("T44: a JPEG may have 100 scans", "[images]") {
    const auto file = jpeg_image(64, 64, {.progressive = true});
    const auto scans = [](const std::string& text) {
        int count = 0;
        for (auto at = text.find("\xFF\xDA"); at != std::string::npos; at = text.find("\xFF\xDA", at + 2)) {
            ++count;
        }
        return count;
    };
    const int more = scans_at_most - scans(file) + 1;
    CHECK_FALSE(refusal_of(jpeg_with_scans(64, 64, more)));
    CHECK(refusal_of(jpeg_with_scans(64, 64, more + 1)) == Refusal::too_complex);
    CHECK(refusal_of(jpeg_with_scans(64, 64, 10'000)) == Refusal::too_complex);
}

TEST_CASE("T44: a GIF keeps its first 200 frames", "[images]") {
    const auto kept = accepted(gif_image(4, 4, 200)).clean;
    CHECK(kept == gif_image(4, 4, 200));
    CHECK(accepted(gif_image(4, 4, 100'000)).clean == kept);
}

TEST_CASE("T44: of an animated WebP the first frame is kept", "[images]") {
    const auto inspected = accepted(webp_animation(20, 10, 5));
    CHECK(inspected.width == 20);
    CHECK(inspected.height == 10);
    CHECK(contains(inspected.clean, "VP8 "));
    CHECK_FALSE(contains(inspected.clean, "ANMF"));
    CHECK(accepted(inspected.clean).clean == inspected.clean);
}

TEST_CASE("T44: metadata and what hides behind an image are gone", "[images]") {
    const std::string hidden = "PK\x03\x04 HIDDEN-CANARY <script>alert(1)</script>";
    const auto png =
        png_image(8, 8, png_chunk("tEXt", hidden) + png_chunk("eXIf", hidden) + png_chunk("iTXt", hidden));
    CHECK(accepted(png + hidden).clean == png_image(8, 8));
    CHECK(accepted(gif_image(8, 8, 2, hidden) + hidden).clean == gif_image(8, 8, 2));
    CHECK(accepted(webp_image(8, 8) + hidden).clean == webp_image(8, 8));
}

TEST_CASE("T44: an image cut off anywhere is broken or is whole without its end", "[images]") {
    for (const auto& file :
         {jpeg_image(16, 16), png_image(16, 16), gif_image(16, 16, 1), webp_image(16, 16)}) {
        for (std::size_t size = 12; size < file.size(); ++size) {
            const auto refusal = refusal_of(file.substr(0, size));
            // A GIF whose frames are whole is taken without its last byte.
            const bool is_frame_whole = file.starts_with("GIF") && size == file.size() - 1;
            CHECK(refusal.has_value() != is_frame_whole);
        }
    }
}

TEST_CASE("inspect: a GIF's frame beyond its screen is broken", "[images]") {
    auto file = gif_image(8, 8, 1);
    const auto frame = file.find(std::string("\x2C\0\0\0\0\x08", 6));
    REQUIRE(frame != std::string::npos);
    file[frame + 1] = 1;
    CHECK(refusal_of(file) == Refusal::broken);
}

TEST_CASE("inspect: JPEGs that browsers do not write are unsupported", "[images]") {
    for (const char frame : {'\xC3', '\xC5', '\xC9', '\xCA', '\xCF'}) {
        auto file = jpeg_image(16, 16);
        file[file.find("\xFF\xC0") + 1] = frame;
        CHECK(refusal_of(file) == Refusal::unsupported);
    }
}
