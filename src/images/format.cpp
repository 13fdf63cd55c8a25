#include "ping/images/format.hpp"

#include <array>

namespace ping::images {
namespace {

using namespace std::string_view_literals;

struct Row {
    Format format;
    std::string_view name;
    std::string_view type;
};
constexpr std::array<Row, 4> rows{{
    {Format::jpeg, "jpeg", "image/jpeg"},
    {Format::png, "png", "image/png"},
    {Format::gif, "gif", "image/gif"},
    {Format::webp, "webp", "image/webp"},
}};

const Row& row_of(Format format) {
    return rows[static_cast<std::size_t>(format)];
}

}  // namespace

std::optional<Format> sniff(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xD8\xFF"sv)) {
        return Format::jpeg;
    }
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) {
        return Format::png;
    }
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) {
        return Format::gif;
    }
    if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) {
        return Format::webp;
    }
    return std::nullopt;
}

std::string_view to_string(Format format) {
    return row_of(format).name;
}

std::optional<Format> parse_format(std::string_view text) {
    for (const auto& row : rows) {
        if (row.name == text) {
            return row.format;
        }
    }
    return std::nullopt;
}

std::string_view content_type(Format format) {
    return row_of(format).type;
}

}  // namespace ping::images
