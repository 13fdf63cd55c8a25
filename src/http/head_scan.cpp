#include "http/head_scan.hpp"

#include "http/ascii.hpp"

#include <array>
#include <charconv>

namespace ping::http {
namespace {

using Check = std::optional<Refusal>;

Refusal bad_request(const char* message) {
    return Refusal(400, "bad_request", message);
}

Refusal target_too_long() {
    return Refusal(414, "uri_too_long", "The address is too long");
}

// Fields that may come once: a second one is how two readers come to disagree.
constexpr std::array<std::string_view, 7> singletons{
    "host", "content-length", "transfer-encoding", "authorization", "content-type", "origin", "expect"};

bool is_target(std::string_view target) {
    return target.starts_with('/') &&
           std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

bool is_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return ascii::is_alnum(c) || std::string_view("-._:[]").find(c) != std::string_view::npos;
    });
}

Check read_version(std::string_view version, Head& head) {
    if (version == "HTTP/1.1" || version == "HTTP/1.0") {
        head.minor_version = version.back() - '0';
        return std::nullopt;
    }
    const bool is_other = version.size() == 8 && version.starts_with("HTTP/") &&
                          ascii::is_digit(version[5]) && version[6] == '.' && ascii::is_digit(version[7]);
    if (is_other) {
        return Refusal(505, "http_version", "Only HTTP/1.1 and HTTP/1.0 are served");
    }
    return bad_request("The request line is malformed");
}

Check read_request_line(std::string_view line, const Config::Limits& limits, Head& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) {
        return bad_request("The request line is malformed");
    }
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    if (!ascii::is_token(head.method)) {
        return bad_request("The method is malformed");
    }
    if (head.target.size() > limits.uri_bytes) {
        return target_too_long();
    }
    if (!is_target(head.target)) {
        return bad_request("The address is malformed: it must start with / and be escaped");
    }
    return read_version(line.substr(last + 1), head);
}

Check read_field(std::string_view line, Head& head) {
    if (line.front() == ' ' || line.front() == '\t') {
        return bad_request("A header field is folded");
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !ascii::is_token(line.substr(0, colon))) {
        return bad_request("A header field is malformed");
    }
    const auto value = ascii::trim(line.substr(colon + 1));
    for (const char c : value) {
        if (ascii::is_control(c) && c != '\t') {
            return bad_request("A header field has a control character");
        }
    }
    head.fields.emplace_back(line.substr(0, colon), value);
    return std::nullopt;
}

int count_of(const Head& head, std::string_view name) {
    int count = 0;
    for (const auto& field : head.fields) {
        count += ascii::iequals(field.first, name) ? 1 : 0;
    }
    return count;
}

Check read_content_length(Head& head) {
    if (count_of(head, "content-length") == 0) {
        return std::nullopt;
    }
    const auto text = head.field("content-length");
    // 18 digits cannot overflow, and no limit is above them.
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool is_digits = !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_digit);
    if (!is_digits || text.size() > 18 || error != std::errc() || end != text.data() + text.size()) {
        return bad_request("Content-Length is malformed");
    }
    head.content_length = length;
    return std::nullopt;
}

Check read_framing(Head& head) {
    if (auto refused = read_content_length(head)) {
        return refused;
    }
    if (count_of(head, "transfer-encoding") == 0) {
        return std::nullopt;
    }
    if (head.content_length) {
        return bad_request("Content-Length and Transfer-Encoding exclude each other");
    }
    if (head.field("transfer-encoding") != "chunked" || head.minor_version == 0) {
        return bad_request("The only Transfer-Encoding is chunked, in HTTP/1.1");
    }
    head.is_chunked = true;
    return std::nullopt;
}

Check check_fields(Head& head) {
    for (const auto name : singletons) {
        if (count_of(head, name) > 1) {
            return bad_request("A header field is repeated");
        }
    }
    if (!is_host(head.field("host"))) {
        return bad_request("Host is missing or malformed");
    }
    return read_framing(head);
}

}  // namespace

std::string_view Head::field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (ascii::iequals(key, name)) {
            return value;
        }
    }
    return {};
}

HeadFinder::State HeadFinder::look(std::string_view received) {
    for (; position_ < received.size(); ++position_) {
        const char c = received[position_];
        const bool is_after_cr = position_ > 0 && received[position_ - 1] == '\r';
        if ((c == '\n') != is_after_cr || (ascii::is_control(c) && c != '\n' && c != '\r' && c != '\t')) {
            return State::malformed;
        }
        if (c != '\n') {
            continue;
        }
        if (position_ == 1) {
            return State::malformed;  // an empty line where the request line belongs
        }
        if (received[position_ - 2] == '\n') {
            ++position_;
            return State::complete;
        }
    }
    return State::incomplete;
}

std::optional<Refusal> head_too_long(std::string_view received, const Config::Limits& limits) {
    if (received.size() <= limits.header_bytes) {
        return std::nullopt;
    }
    const auto line = received.substr(0, received.find('\r'));
    if (line.empty()) {
        return bad_request("The request line is missing");
    }
    const auto target = line.substr(std::min(line.find(' '), line.size() - 1) + 1);
    if (target.substr(0, target.find(' ')).size() > limits.uri_bytes) {
        return target_too_long();
    }
    return Refusal(431, "header_too_large", "The header is too large");
}

boost::system::result<Head, Refusal> scan_head(std::string_view text, const Config::Limits& limits) {
    if (auto refused = head_too_long(text, limits)) {
        return *refused;
    }
    Head head;
    bool is_first = true;
    while (true) {
        const auto end = text.find("\r\n");
        if (end == std::string_view::npos) {
            return bad_request("The header does not end");
        }
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 2);
        if (line.empty()) {
            break;
        }
        if (!is_first && head.fields.size() >= static_cast<std::size_t>(limits.header_fields)) {
            return Refusal(431, "too_many_fields", "The header has too many fields");
        }
        if (auto refused = is_first ? read_request_line(line, limits, head) : read_field(line, head)) {
            return *refused;
        }
        is_first = false;
    }
    if (is_first || !text.empty()) {
        return bad_request("The request line is missing");
    }
    if (auto refused = check_fields(head)) {
        return *refused;
    }
    return head;
}

}  // namespace ping::http
