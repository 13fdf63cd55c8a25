#include "http/multipart.hpp"

#include "http/ascii.hpp"
#include "http/header_parameters.hpp"
#include "ping/core/utf8.hpp"

#include <algorithm>
#include <utility>

namespace ping::http {
namespace {

constexpr std::size_t boundary_at_most = 70;
constexpr std::size_t padding_at_most = 64;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

bool is_boundary_char(char c) {
    return ascii::is_alnum(c) ||
           (c != '\0' && std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos);
}

struct PartHead {
    std::string name;
    bool is_file = false;
};

std::optional<PartHead> read_disposition(std::string_view text) {
    const auto parsed = parse_parameters(text);
    if (!parsed || !ascii::iequals(parsed->value, "form-data")) {
        return std::nullopt;
    }
    const auto name = parsed->parameter("name");
    if (!name) {
        return std::nullopt;
    }
    PartHead head;
    head.name = *name;
    head.is_file = std::ranges::any_of(parsed->parameters, [](const auto& parameter) {
        return parameter.first == "filename" || parameter.first == "filename*";
    });
    return head;
}

/// Forms are sent as they are; the encodings of mail are not for them (RFC 7578 §4.7).
bool is_plain_encoding(std::string_view encoding) {
    return ascii::iequals(encoding, "binary") || ascii::iequals(encoding, "8bit") ||
           ascii::iequals(encoding, "7bit");
}

// A line without its end. False: malformed.
bool read_line(std::string_view line, std::optional<PartHead>& head) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !ascii::is_token(line.substr(0, colon)) ||
        std::ranges::any_of(line, [](char c) { return ascii::is_control(c) && c != '\t'; })) {
        return false;
    }
    const auto name = line.substr(0, colon);
    const auto value = ascii::trim(line.substr(colon + 1));
    if (ascii::iequals(name, "content-transfer-encoding")) {
        return is_plain_encoding(value);
    }
    if (!ascii::iequals(name, "content-disposition")) {
        return true;
    }
    if (head) {
        return false;
    }
    head = read_disposition(value);
    return head.has_value();
}

std::optional<PartHead> parse_head(std::string_view text) {
    if (!utf8::is_valid(text)) {
        return std::nullopt;
    }
    std::optional<PartHead> head;
    while (!text.empty()) {
        const auto end = std::min(text.find(line_end), text.size());
        if (!read_line(text.substr(0, end), head)) {
            return std::nullopt;
        }
        text.remove_prefix(std::min(end + line_end.size(), text.size()));
    }
    return head;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    const auto parsed = parse_parameters(content_type);
    if (!parsed || !ascii::iequals(parsed->value, "multipart/form-data")) {
        return std::nullopt;
    }
    const auto boundary = parsed->parameter("boundary");
    if (!boundary || boundary->empty() || boundary->size() > boundary_at_most || boundary->ends_with(' ') ||
        !std::ranges::all_of(*boundary, is_boundary_char)) {
        return std::nullopt;
    }
    return std::string(*boundary);
}

// With a line's end before it, the first delimiter looks like the others.
MultipartParser::MultipartParser(std::string_view boundary)
    : delimiter_("\r\n--" + std::string(boundary)), buffer_(line_end) {}

void MultipartParser::feed(std::string_view bytes) {
    buffer_.erase(0, std::exchange(at_, 0));
    buffer_.append(bytes);
}

MultipartParser::Event MultipartParser::next() {
    switch (state_) {
        case State::preamble:
            return skip_preamble();
        case State::delimiter:
            return pass_delimiter();
        case State::head:
            return read_head();
        case State::content:
            return read_content();
        case State::end:
            at_ = buffer_.size();
            return Event::end;
        case State::malformed:
            break;
    }
    return Event::malformed;
}

MultipartParser::Event MultipartParser::stop() {
    state_ = State::malformed;
    return Event::malformed;
}

MultipartParser::Event MultipartParser::skip_preamble() {
    const auto found = rest().find(delimiter_);
    if (found != std::string_view::npos) {
        at_ += found + delimiter_.size();
        state_ = State::delimiter;
        return pass_delimiter();
    }
    const auto kept = std::min(rest().size(), delimiter_.size() - 1);
    const auto skipped = rest().size() - kept;
    preamble_ += skipped;
    at_ += skipped;
    return preamble_ > preamble_bytes_at_most ? stop() : Event::more;
}

// Behind a delimiter: `--` ends the form, else the line ends and a part's head follows.
MultipartParser::Event MultipartParser::pass_delimiter() {
    const auto after = rest();
    if (after.starts_with("--")) {
        state_ = State::end;
        return next();
    }
    const auto padding = std::min(after.find_first_not_of(" \t"), after.size());
    const auto end = after.substr(padding);
    if (padding > padding_at_most) {
        return stop();
    }
    if (end.size() < line_end.size() && (line_end.starts_with(end) || (padding == 0 && end == "-"))) {
        return Event::more;
    }
    if (!end.starts_with(line_end) || ++parts_ > parts_at_most) {
        return stop();
    }
    at_ += padding + line_end.size();
    state_ = State::head;
    return read_head();
}

MultipartParser::Event MultipartParser::read_head() {
    const auto size = rest().substr(0, head_bytes_at_most + head_end.size()).find(head_end);
    if (size == std::string_view::npos) {
        return rest().size() >= head_bytes_at_most + head_end.size() ? stop() : Event::more;
    }
    auto head = parse_head(rest().substr(0, size));
    if (!head) {
        return stop();
    }
    name_ = std::move(head->name);
    is_file_ = head->is_file;
    at_ += size + head_end.size();
    state_ = State::content;
    return Event::part;
}

MultipartParser::Event MultipartParser::read_content() {
    const auto found = rest().find(delimiter_);
    if (found == 0) {
        at_ += delimiter_.size();
        state_ = State::delimiter;
        return Event::part_end;
    }
    // Without one, the end of what is there may be the start of one.
    const auto kept = std::min(rest().size(), delimiter_.size() - 1);
    data_ = rest().substr(0, found == std::string_view::npos ? rest().size() - kept : found);
    at_ += data_.size();
    return data_.empty() ? Event::more : Event::data;
}

}  // namespace ping::http
