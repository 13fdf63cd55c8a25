#include "images/answer.hpp"

#include "support/catch_result.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::images;

TEST_CASE("image worker: what it says is understood", "[images]") {
    const auto picture = read_answer(write_answer(Picture{Format::webp, 640, 480}));
    REQUIRE(picture);
    CHECK(picture->format == Format::webp);
    CHECK(picture->width == 640);
    CHECK(picture->height == 480);
    CHECK(read_answer(write_answer(Refusal::unsupported)).error().code == ErrorCode::unsupported_media);
    CHECK(read_answer(write_answer(Refusal::too_large)).error().slug == "image_too_large");
    CHECK(read_answer(write_answer(Refusal::too_complex)).error().slug == "image_too_complex");
    CHECK(read_answer(write_answer(Refusal::broken)).error().slug == "image_broken");
}

TEST_CASE("T44: an image worker that was taken over is not believed", "[images]") {
    for (const auto* const answer :
         {"", "ok", "ok jpeg 1 1", "ok svg 1 1\n", "ok jpeg 0 1\n", "ok jpeg 1 99999\n", "ok jpeg 1 1 1\n",
          "ok jpeg -1 1\n", "ok jpeg 1x 1\n", "ok jpeg 1\n", "ok  jpeg 1 1\n", "\n", "yes\n", "refused \n"}) {
        INFO(answer);
        const auto read = read_answer(answer);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::unprocessable);
    }
}
