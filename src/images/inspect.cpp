#include "images/inspect.hpp"

namespace ping::images {
namespace {

Checked<Inspected> inspect_as(Format format, std::string_view bytes) {
    switch (format) {
        case Format::jpeg:
            return inspect_jpeg(bytes);
        case Format::png:
            return inspect_png(bytes);
        case Format::gif:
            return inspect_gif(bytes);
        case Format::webp:
            break;
    }
    return inspect_webp(bytes);
}

}  // namespace

Checked<Inspected> inspect(std::string_view bytes) {
    const auto format = sniff(bytes);
    if (!format) {
        return Refusal::unsupported;
    }
    auto inspected = inspect_as(*format, bytes);
    if (!inspected) {
        return inspected;
    }
    if (inspected->width < 1 || inspected->height < 1) {
        return Refusal::broken;
    }
    const auto pixels = static_cast<long long>(inspected->width) * inspected->height;
    if (inspected->width > side_at_most || inspected->height > side_at_most || pixels > pixels_at_most) {
        return Refusal::too_large;
    }
    inspected->format = *format;
    return inspected;
}

}  // namespace ping::images
