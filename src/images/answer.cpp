#include "images/answer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace ping::images {
namespace {

std::string_view word_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::unsupported:
            return "unsupported";
        case Refusal::too_large:
            return "too_large";
        case Refusal::too_complex:
            return "too_complex";
        case Refusal::broken:
            break;
    }
    return "broken";
}

Error error_of(std::string_view word) {
    if (word == "unsupported") {
        return Error(ErrorCode::unsupported_media, "unsupported_image",
                     "Send a JPEG, PNG, GIF or WebP image");
    }
    if (word == "too_large") {
        return Error(ErrorCode::unprocessable, "image_too_large",
                     "The image may have at most 25 million pixels, and 16384 a side");
    }
    if (word == "broken") {
        return Error(ErrorCode::unprocessable, "image_broken", "The image is damaged");
    }
    return Error(ErrorCode::unprocessable, "image_too_complex", "The image takes too much to decode");
}

std::string_view take_word(std::string_view& line) {
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    return word;
}

std::optional<int> take_side(std::string_view& line) {
    const auto word = take_word(line);
    int side = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), side);
    const bool is_fit =
        error == std::errc() && end == word.data() + word.size() && side > 0 && side <= side_at_most;
    return is_fit ? std::optional(side) : std::nullopt;
}

}  // namespace

std::string write_answer(const Checked<Picture>& answer) {
    if (!answer) {
        return "refused " + std::string(word_of(answer.error())) + "\n";
    }
    return "ok " + std::string(to_string(answer->format)) + " " + std::to_string(answer->width) + " " +
           std::to_string(answer->height) + "\n";
}

Result<Picture> read_answer(std::string_view line) {
    if (!line.ends_with('\n')) {
        return error_of("too_complex");
    }
    line.remove_suffix(1);
    if (take_word(line) != "ok") {
        return error_of(line);
    }
    const auto format = parse_format(take_word(line));
    const auto width = take_side(line);
    const auto height = take_side(line);
    if (!format || !width || !height || !line.empty()) {
        return error_of("too_complex");
    }
    return Picture{*format, *width, *height};
}

}  // namespace ping::images
