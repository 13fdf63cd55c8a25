#include "images/inspect.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace ping::images;

/// What passes is within the bounds, and what was made clean is clean.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    const auto inspected = inspect(file);
    if (!inspected) {
        return 0;
    }
    const auto pixels = static_cast<long long>(inspected->width) * inspected->height;
    if (pixels < 1 || pixels > pixels_at_most || inspected->orientation < 1 || inspected->orientation > 8) {
        std::abort();
    }
    if (inspected->format == Format::jpeg) {
        return 0;
    }
    const auto again = inspect(inspected->clean);
    if (!again || again->clean != inspected->clean || again->width != inspected->width ||
        again->height != inspected->height) {
        std::abort();
    }
    return 0;
}
