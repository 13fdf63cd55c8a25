#pragma once

#include "native_fixture.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::test {

/// What a request's handler returns.
using Answer = Result<boost::json::value>;

inline constexpr unsigned ping_frame = 0x89;
inline constexpr std::uint8_t pong_frame = 0x8A;
/// A client's and a server's buffer that is full after a few messages.
inline constexpr Buffers small{8192, 4096};

/// A request as the client sends it.
inline std::string request(int ack, std::string_view event = "echo") {
    return client_text(R"({"event":")" + std::string(event) + R"(","ack":)" + std::to_string(ack) + "}");
}

/// Serves the event `echo`: its answer is the request's data.
inline void add_echo(NativeFixture& fixture) {
    fixture.events.add("echo", [](realtime::Caller, boost::json::value data) -> Task<Answer> {
        co_return Answer(std::move(data));
    });
}

/// Sends as much as the server takes while the loop turns; the bytes it took.
inline std::size_t flood(NativeFixture& fixture, NativeClient& client, const std::string& bytes, int turns) {
    std::size_t taken = 0;
    for (int i = 0; i < turns; ++i) {
        taken += client.send(bytes);
        fixture.turn();
    }
    return taken;
}

inline std::string repeat(const std::string& bytes, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) {
        all += bytes;
    }
    return all;
}

/// The numbers in the `data` of the events among the frames.
inline std::vector<std::int64_t> numbers(const std::vector<WireFrame>& frames) {
    std::vector<std::int64_t> found;
    for (const auto& frame : frames) {
        if (frame.first == 0x81) {
            const auto json = frame.json();
            if (json.as_object().contains("event") && json.at("event") == "newMessage") {
                found.push_back(json.at("data").at("n").as_int64());
            }
        }
    }
    return found;
}

/// The data of an event for `numbers`, with a text of `size` bytes.
inline boost::json::value numbered(int number, std::size_t size) {
    return {{"n", number}, {"text", std::string(size, 'x')}};
}

}  // namespace ping::test
