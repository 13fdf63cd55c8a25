#include "ping/core/log.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>

using namespace ping;

namespace {

/// Standard error leads into a pipe that nobody reads until `read_all`.
class StuckStandardError {
public:
    StuckStandardError() {
        REQUIRE(::pipe(ends_.data()) == 0);
        saved_ = ::dup(STDERR_FILENO);
        ::dup2(ends_[1], STDERR_FILENO);
        ::close(ends_[1]);
    }
    ~StuckStandardError() { ::close(ends_[0]); }
    StuckStandardError(const StuckStandardError&) = delete;
    StuckStandardError& operator=(const StuckStandardError&) = delete;

    /// Reads until the logger has written what it holds; puts standard error back.
    std::string read_all() {
        std::string text;
        std::thread reader([&] {
            std::array<char, 4096> buffer{};
            for (auto bytes = ::read(ends_[0], buffer.data(), buffer.size()); bytes > 0;
                 bytes = ::read(ends_[0], buffer.data(), buffer.size())) {
                text.append(buffer.data(), static_cast<std::size_t>(bytes));
            }
        });
        log::flush();
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
        reader.join();
        return text;
    }

private:
    std::array<int, 2> ends_{};
    int saved_ = -1;
};

}  // namespace

TEST_CASE("log: a stuck standard error blocks nobody, and what is dropped is counted", "[core]") {
    constexpr int lines_written = 20'000;
    StuckStandardError standard_error;
    log::configure(LogFormat::text, LogLevel::info);
    for (int i = 0; i < lines_written; ++i) {
        log::info("test.line", {{"i", i}});
        log::debug("test.hidden");
    }
    const auto text = standard_error.read_all();
    log::configure(LogFormat::text, LogLevel::warn);
    int lines = 0;
    int dropped = 0;
    std::istringstream input(text);
    for (std::string line; std::getline(input, line);) {
        const auto at = line.find("log.dropped lines=");
        if (at != std::string::npos) {
            dropped += std::stoi(line.substr(at + 18));
        } else {
            CHECK(line.find(" INFO  test.line i=") != std::string::npos);
            ++lines;
        }
    }
    CHECK(dropped > 0);
    CHECK(lines + dropped == lines_written);
}
