#include "realtime/frame_watch.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using ping::SteadyTime;
using ping::realtime::FrameWatch;

namespace {

constexpr SteadyTime start{1'000'000ms};

/// A client's frame: masked, with the shortest head.
std::string frame(unsigned first, std::size_t length) {
    std::string bytes(1, static_cast<char>(first));
    if (length < 126) {
        bytes += static_cast<char>(0x80U | length);
    } else if (length < 65536) {
        bytes += {static_cast<char>(0xFE), static_cast<char>(length >> 8U), static_cast<char>(length)};
    } else {
        bytes += static_cast<char>(0xFF);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes += static_cast<char>(length >> static_cast<unsigned>(shift));
        }
    }
    // Payload that looks like heads of control frames.
    return bytes + "mask" + std::string(length, '\x89');
}

constexpr unsigned whole_text = 0x81;
constexpr unsigned first_part = 0x01;
constexpr unsigned next_part = 0x00;
constexpr unsigned last_part = 0x80;
constexpr unsigned ping_frame = 0x89;
constexpr unsigned pong_frame = 0x8A;

}  // namespace

TEST_CASE("T36: 64 fragments make a message, one more breaks the rule", "[realtime][T36]") {
    FrameWatch watch;
    for (int message = 0; message < 3; ++message) {
        watch.feed(frame(first_part, 3), start);
        for (int i = 0; i < 62; ++i) {
            watch.feed(frame(next_part, static_cast<std::size_t>(i % 2)), start);
        }
        watch.feed(frame(last_part, 0), start);
        CHECK_FALSE(watch.is_broken());
        CHECK_FALSE(watch.is_midway());
    }
    watch.feed(frame(first_part, 3), start);
    for (int i = 0; i < 63; ++i) {
        watch.feed(frame(next_part, 0), start);
    }
    CHECK_FALSE(watch.is_broken());
    watch.feed(frame(next_part, 0), start);
    CHECK(watch.is_broken());
}

TEST_CASE("T36: ten pings and pongs in a second, however they are spread among fragments",
          "[realtime][T36]") {
    FrameWatch watch;
    watch.feed(frame(first_part, 1), start);
    for (int i = 0; i < 10; ++i) {
        watch.feed(frame(i % 2 == 0 ? ping_frame : pong_frame, 125), start + 99ms * i);
    }
    CHECK_FALSE(watch.is_broken());
    SECTION("the eleventh in the second") {
        watch.feed(frame(ping_frame, 0), start + 999ms);
        CHECK(watch.is_broken());
    }
    SECTION("the eleventh in the next") {
        watch.feed(frame(ping_frame, 0), start + 1000ms);
        CHECK_FALSE(watch.is_broken());
    }
}

TEST_CASE("frame watch: it does not matter how the bytes are cut", "[realtime]") {
    std::string bytes;
    for (const std::size_t length : {0, 1, 125, 126, 65535, 65536, 70000}) {
        bytes += frame(whole_text, length);
    }
    const auto step = static_cast<std::size_t>(GENERATE(1, 2, 7, 256, 1536));
    FrameWatch watch;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        watch.feed(std::string_view(bytes).substr(at, step), start);
    }
    CHECK_FALSE(watch.is_midway());
    CHECK_FALSE(watch.is_broken());
    // Had it lost its place, payload would have been read as pings.
    watch.feed(frame(ping_frame, 0), start);
    CHECK_FALSE(watch.is_broken());
}

TEST_CASE("frame watch: a message is midway from its first byte to its last", "[realtime]") {
    FrameWatch watch;
    CHECK_FALSE(watch.is_midway());
    watch.feed(frame(whole_text, 5), start);
    CHECK_FALSE(watch.is_midway());
    watch.feed("\x01", start + 1s);
    CHECK(watch.is_midway());
    watch.feed(frame(first_part, 2).substr(1), start + 2s);
    watch.feed(frame(ping_frame, 2), start + 3s);
    CHECK(watch.is_midway());
    CHECK(watch.midway_since() == start + 1s);
    watch.feed(frame(last_part, 2), start + 4s);
    CHECK_FALSE(watch.is_midway());
    watch.feed(frame(whole_text, 5).substr(0, 8), start + 5s);
    CHECK(watch.midway_since() == start + 5s);
    watch.restart_clock(start + 9s);
    CHECK(watch.midway_since() == start + 9s);
}
