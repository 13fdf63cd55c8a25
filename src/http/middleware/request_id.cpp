#include "http/middleware/request_id.hpp"

#include "http/ascii.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ping::http {
namespace {

constexpr std::size_t longest_id = 64;

// The finisher of SplitMix64: a bijection, so different numbers give different ids.
std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

}  // namespace

bool is_fit_request_id(std::string_view id) {
    return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), [](char c) {
        return ascii::is_alnum(c) || c == '.' || c == '_' || c == '-';
    });
}

RequestIds::RequestIds(const Clock& clock)
    : seed_(mix(static_cast<std::uint64_t>(to_millis(clock.now())) ^
                (static_cast<std::uint64_t>(::getpid()) << 44U))) {}

std::string RequestIds::next() {
    return fmt::format("{:016x}", mix(seed_ + count_++));
}

}  // namespace ping::http
