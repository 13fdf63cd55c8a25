#include "ping/core/json.hpp"

#include "ping/core/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <cmath>
#include <fmt/format.h>
#include <unordered_set>

namespace ping::json {
namespace {

using boost::json::error_code;
using boost::json::string_view;

/// Builds the value and applies the limits while the parser reads: nothing over a limit is ever stored.
/// A handler of our own because `json::parse` keeps the last of two equal keys and says nothing.
class Handler {
public:
    // The parser's own limits are off: ours have better messages.
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit Handler(const Limits& limits) : limits_(limits) { stack_.reset(); }

    boost::json::value take() { return stack_.release(); }
    /// Why this handler stopped the parser; empty when the parser itself did.
    const std::string& complaint() const { return complaint_; }

    static bool on_document_begin(error_code&) { return true; }
    static bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code& error) {
        keys_.emplace_back();
        return enter(error);
    }
    bool on_object_end(std::size_t size, error_code&) {
        keys_.pop_back();
        --depth_;
        stack_.push_object(size);
        return true;
    }
    bool on_array_begin(error_code& error) { return enter(error); }
    bool on_array_end(std::size_t size, error_code&) {
        --depth_;
        stack_.push_array(size);
        return true;
    }

    bool on_key_part(string_view part, std::size_t, error_code& error) { return add_text(part, error); }
    bool on_key(string_view part, std::size_t, error_code& error) {
        if (!add_text(part, error)) {
            return false;
        }
        if (++key_count_ > limits_.keys) {
            return refuse(fmt::format("more than {} keys", limits_.keys), error);
        }
        if (!keys_.back().insert(text_).second) {
            return refuse(fmt::format("the key \"{}\" comes twice", utf8::prefix(text_, 64)), error);
        }
        stack_.push_key(text_);
        text_.clear();
        return true;
    }
    bool on_string_part(string_view part, std::size_t, error_code& error) { return add_text(part, error); }
    bool on_string(string_view part, std::size_t, error_code& error) {
        if (!add_text(part, error)) {
            return false;
        }
        stack_.push_string(text_);
        text_.clear();
        return true;
    }

    bool on_number_part(string_view part, error_code&) {
        note_fraction(part);
        return true;
    }
    bool on_int64(std::int64_t value, string_view, error_code&) {
        has_fraction_ = false;
        stack_.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t, string_view, error_code& error) { return refuse_number(error); }
    bool on_double(double value, string_view part, error_code& error) {
        // An integer beyond 64 bits comes here too, rounded.
        note_fraction(part);
        if (!has_fraction_ || !std::isfinite(value)) {
            return refuse_number(error);
        }
        has_fraction_ = false;
        stack_.push_double(value);
        return true;
    }
    bool on_bool(bool value, error_code&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(error_code&) {
        stack_.push_null();
        return true;
    }
    static bool on_comment_part(string_view, error_code&) { return true; }
    static bool on_comment(string_view, error_code&) { return true; }

private:
    bool enter(error_code& error) {
        return ++depth_ <= limits_.depth || refuse(fmt::format("deeper than {}", limits_.depth), error);
    }
    bool add_text(string_view part, error_code& error) {
        if (text_.size() + part.size() > limits_.string_bytes) {
            return refuse(fmt::format("a string of more than {} bytes", limits_.string_bytes), error);
        }
        text_.append(part.data(), part.size());
        return true;
    }
    void note_fraction(string_view part) {
        has_fraction_ = has_fraction_ || part.find_first_of(".eE") != string_view::npos;
    }
    bool refuse_number(error_code& error) { return refuse("a number out of range", error); }
    bool refuse(std::string complaint, error_code& error) {
        complaint_ = std::move(complaint);
        error = boost::json::error::exception;
        return false;
    }

    const Limits& limits_;
    boost::json::value_stack stack_;
    std::vector<std::unordered_set<std::string>> keys_;  // of each open object
    std::size_t key_count_ = 0;
    std::size_t depth_ = 0;
    std::string text_;
    bool has_fraction_ = false;
    std::string complaint_;
};

Error bad_json(std::string_view what, std::size_t at) {
    return errors::invalid(fmt::format("Bad JSON at byte {}: {}", at, what), "bad_json");
}

}  // namespace

Result<boost::json::value> parse(std::string_view text, const Limits& limits) {
    boost::json::parse_options options;
    // One more than ours, so that it is our handler that complains.
    options.max_depth = limits.depth + 1;
    boost::json::basic_parser<Handler> parser(options, limits);
    error_code error;
    const auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (error) {
        const auto& complaint = parser.handler().complaint();
        return bad_json(complaint.empty() ? error.message() : complaint, consumed);
    }
    if (consumed < text.size()) {
        return bad_json("something follows the document", consumed);
    }
    return parser.handler().take();
}

const boost::json::value* Reader::find(std::string_view name) const {
    return object_.if_contains(name);
}

std::string Reader::string(std::string_view name, std::string_view missing) {
    const auto* const value = find(name);
    if (value == nullptr || value->is_null()) {
        complain(name, missing.empty() ? fmt::format("{} is required", name) : std::string(missing));
        return {};
    }
    return optional_string(name).value_or(std::string());
}

std::optional<std::string> Reader::optional_string(std::string_view name) {
    const auto* const value = find(name);
    if (value == nullptr || value->is_null()) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        complain(name, fmt::format("{} must be a string", name));
        return std::nullopt;
    }
    const auto& text = value->get_string();
    return std::string(text.data(), text.size());
}

std::int64_t Reader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* const value = find(name);
    if (value == nullptr || value->is_null()) {
        complain(name, fmt::format("{} is required", name));
        return least;
    }
    return optional_integer(name, least, most).value_or(least);
}

std::optional<std::int64_t> Reader::optional_integer(std::string_view name, std::int64_t least,
                                                     std::int64_t most) {
    const auto* const value = find(name);
    if (value == nullptr || value->is_null()) {
        return std::nullopt;
    }
    if (!value->is_int64()) {
        complain(name, fmt::format("{} must be an integer", name));
        return std::nullopt;
    }
    const auto number = value->get_int64();
    if (number < least || number > most) {
        complain(name, fmt::format("{} must be from {} to {}", name, least, most));
        return std::nullopt;
    }
    return number;
}

bool Reader::boolean(std::string_view name, bool otherwise) {
    const auto* const value = find(name);
    if (value == nullptr || value->is_null()) {
        return otherwise;
    }
    if (!value->is_bool()) {
        complain(name, fmt::format("{} must be true or false", name));
        return otherwise;
    }
    return value->get_bool();
}

void Reader::complain(std::string_view name, std::string message) {
    complaints_.push_back(FieldError{std::string(name), std::move(message)});
}

bool Reader::has_complaint(std::string_view name) const {
    for (const auto& complaint : complaints_) {
        if (complaint.field == name) {
            return true;
        }
    }
    return false;
}

Result<void> Reader::finish() const {
    if (complaints_.empty()) {
        return ok();
    }
    auto error = errors::invalid(complaints_.front().message, "invalid_fields");
    error.fields = complaints_;
    return error;
}

}  // namespace ping::json
