#include "images/inspect.hpp"
#include "support/print_checked.hpp"
#include "support/test_images.hpp"

#include <catch2/catch.hpp>

using namespace ping::images;
using namespace ping::test;
using namespace std::string_literals;

TEST_CASE("exif: orientations 1 to 8 are read", "[images]") {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const auto inspected = inspect(jpeg_image(16, 8, {.orientation = orientation, .gps = true}));
        REQUIRE(inspected);
        CHECK(inspected->orientation == orientation);
    }
    CHECK(inspect(jpeg_image(16, 8))->orientation == 1);
    CHECK(inspect(jpeg_image(16, 8, {.orientation = 9}))->orientation == 1);
}

TEST_CASE("exif: either byte order", "[images]") {
    CHECK(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"s) == 6);
    CHECK(exif_orientation("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"s) == 6);
}

TEST_CASE("exif: nonsense is no orientation", "[images]") {
    for (const auto& tiff : {""s, "MM"s, "XX\0*\0\0\0\x08"s, "MM\0*\xFF\xFF\xFF\xFF"s, "MM\0*\0\0\0\x08"s,
                             "MM\0*\0\0\0\x08\xFF"s, "MM\0*\0\0\0\x08\xFF\xFF"s,
                             "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x04\0\0\0\x01\0\x06\0\0"s}) {
        CHECK(exif_orientation(tiff) == 1);
    }
}
