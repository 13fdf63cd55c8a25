#pragma once

#include "images/codecs.hpp"
#include "images/inspect.hpp"
#include "integration/two_people.hpp"
#include "support/form.hpp"
#include "support/print_checked.hpp"
#include "support/test_images.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

namespace ping::test {

/// Ana and Bo, who send each other images.
struct ImageScene : TwoPeople {
    using TwoPeople::TwoPeople;

    ApiAnswer send(const std::string& image, const std::string& client_id = {},
                   const std::string& text = {}) {
        Form form;
        form.field("chatId", chat);
        if (!text.empty()) {
            form.field("text", text);
        }
        if (!client_id.empty()) {
            form.field("clientId", client_id);
        }
        return form.file("image", image).post(ana.api);
    }
    /// The image of a message that was stored.
    boost::json::object sent(const std::string& image) {
        const auto answer = send(image);
        INFO(answer.text);
        REQUIRE(answer.status == 201);
        return answer.json.at("message").at("image").as_object();
    }
    /// As an <img> gets it: without a token.
    ApiAnswer load(const boost::json::object& image, const char* link = "url") {
        return app.client().get(std::string(image.at(link).as_string()));
    }
    /// Files of images, drafts included. Those that nobody needs go a moment after the answer.
    std::size_t files() const {
        std::size_t count = 0;
        std::error_code failed;  // what goes meanwhile
        const auto folder = app.database_file().parent_path() / "blobs";
        for (std::filesystem::recursive_directory_iterator entries(folder, failed), end;
             !failed && entries != end; entries.increment(failed)) {
            count += entries->is_regular_file(failed) ? 1 : 0;
        }
        return count;
    }
    /// Returns when there are so many; fails after 10 s.
    void wait_for_files(std::size_t count) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (files() != count && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        CHECK(files() == count);
    }
    /// Returns when so many were removed since the start, which is counted after their files are gone. Time
    /// passes by `step` before each look: a sweep of that time may find the one before it still at work.
    /// Fails after 10 s.
    void wait_for_orphans(double count, std::chrono::seconds step = {}) {
        const auto removed = [this] { return app.metric("ping_media_orphans_total"); };
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (removed() != count && std::chrono::steady_clock::now() < deadline) {
            app.advance(step);
        }
        CHECK(removed() == count);
    }
};

/// An image as it is shown, all of it.
inline images::Pixels decode(const std::string& file) {
    const auto inspected = images::inspect(file);
    REQUIRE(inspected);
    const images::Size size{inspected->width, inspected->height};
    auto pixels = inspected->format == images::Format::jpeg  ? images::shrink_jpeg(file, size, size)
                  : inspected->format == images::Format::png ? images::shrink_png(file, size, size)
                  : inspected->format == images::Format::gif ? images::shrink_gif(file, size, size)
                                                             : images::shrink_webp(file, size, size);
    REQUIRE(pixels);
    return *pixels;
}

/// The colours in the middle of the quarters, from the upper left in reading order: `r`, `g`, `b`, `w`.
inline std::string quarters(const images::Pixels& pixels) {
    std::string colours;
    for (const int y : {pixels.height / 4, pixels.height * 3 / 4}) {
        for (const int x : {pixels.width / 4, pixels.width * 3 / 4}) {
            const auto* const pixel = pixels.row(y) + static_cast<std::ptrdiff_t>(x) * pixels.channels;
            const auto is_on = [pixel](int channel) { return pixel[channel] > 128; };
            colours += is_on(0) && is_on(1) && is_on(2) ? 'w'
                       : is_on(0)                       ? 'r'
                       : is_on(1)                       ? 'g'
                       : is_on(2)                       ? 'b'
                                                        : '-';
        }
    }
    return colours;
}

}  // namespace ping::test
