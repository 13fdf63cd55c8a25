#include "realtime/socketio/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ping::realtime::socketio {
namespace {

using boost::json::error_code;
using boost::json::string_view;

constexpr std::string_view json_space = " \t\r\n";

/// Follows the parser through a document, keeping only what tells a placeholder from other objects.
class Checker {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    Checker(std::size_t keys, std::optional<std::size_t> attachments)
        : keys_left_(keys), attachments_(attachments) {}

    static bool on_document_begin(error_code&) { return true; }
    static bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        levels_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, error_code& error) {
        const Level object = levels_.back();
        levels_.pop_back();
        const bool is_bad = attachments_ && object.is_placeholder &&
                            (!object.number || *object.number < 0 ||
                             static_cast<std::uint64_t>(*object.number) >= *attachments_);
        return end_value() && (!is_bad || refuse(error));
    }
    bool on_array_begin(error_code&) {
        levels_.emplace_back();
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        levels_.pop_back();
        return end_value();
    }
    bool on_key_part(string_view part, std::size_t, error_code&) {
        add_to_key(part);
        return true;
    }
    bool on_key(string_view part, std::size_t, error_code& error) {
        if (keys_left_-- == 0) {
            return refuse(error);
        }
        add_to_key(part);
        levels_.back().key = key_ == "_placeholder" ? Key::placeholder
                             : key_ == "num"        ? Key::number
                                                    : Key::other;
        key_.clear();
        return true;
    }
    static bool on_string_part(string_view, std::size_t, error_code&) { return true; }
    bool on_string(string_view, std::size_t, error_code&) { return end_value(); }
    static bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t value, string_view, error_code&) {
        if (!levels_.empty() && levels_.back().key == Key::number) {
            levels_.back().number = value;
        }
        return end_value();
    }
    bool on_uint64(std::uint64_t, string_view, error_code&) { return end_value(); }
    bool on_double(double, string_view, error_code&) { return end_value(); }
    bool on_bool(bool value, error_code&) {
        if (!levels_.empty() && levels_.back().key == Key::placeholder) {
            levels_.back().is_placeholder = value;
        }
        return end_value();
    }
    bool on_null(error_code&) { return end_value(); }
    static bool on_comment_part(string_view, error_code&) { return true; }
    static bool on_comment(string_view, error_code&) { return true; }

private:
    enum class Key { none, placeholder, number, other };
    /// An open array or object.
    struct Level {
        Key key = Key::none;  ///< whose value comes next
        bool is_placeholder = false;
        std::optional<std::int64_t> number{};
    };
    static constexpr std::size_t longest_known_key = 12;

    void add_to_key(string_view part) {
        // Of a key longer than those we know, only that it is longer matters.
        key_.append(part.data(), std::min(part.size(), longest_known_key + 1 - key_.size()));
    }
    bool end_value() {
        if (!levels_.empty()) {
            levels_.back().key = Key::none;
        }
        return true;
    }
    static bool refuse(error_code& error) {
        error = boost::json::error::exception;
        return false;
    }

    std::size_t keys_left_;
    std::optional<std::size_t> attachments_;  ///< nothing: placeholders mean nothing
    std::vector<Level> levels_;
    std::string key_;
};

/// The length of the string literal, number or word at the start of `text`.
std::size_t scalar_length(std::string_view text) {
    if (text.front() != '"') {
        return std::min(text.find_first_of(",] \t\r\n"), text.size());
    }
    std::size_t at = 1;
    while (text[at] != '"') {
        at += text[at] == '\\' ? 2 : 1;
    }
    return at + 1;
}

}  // namespace

Result<void> check_json(std::string_view text, const PacketLimits& limits,
                        std::optional<std::size_t> attachments) {
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::json::basic_parser<Checker> parser(options, limits.keys, attachments);
    error_code error;
    const auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (error || consumed < text.size()) {
        return errors::invalid("The packet's JSON is malformed or beyond its limits", "bad_packet");
    }
    return ok();
}

std::string_view trim_json(std::string_view text) {
    const auto first = text.find_first_not_of(json_space);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(json_space) + 1 - first);
}

std::string_view inside_array(std::string_view text) {
    const auto array = trim_json(text);
    return trim_json(array.substr(1, array.size() - 2));
}

SplitArray split_first(std::string_view text) {
    const auto elements = inside_array(text);
    if (elements.empty() || elements.front() == '[' || elements.front() == '{') {
        return {};  // an event's name is a scalar
    }
    SplitArray split;
    split.first = elements.substr(0, scalar_length(elements));
    auto rest = trim_json(elements.substr(split.first.size()));
    if (rest.starts_with(',')) {
        rest.remove_prefix(1);
    }
    split.rest = trim_json(rest);
    return split;
}

}  // namespace ping::realtime::socketio
