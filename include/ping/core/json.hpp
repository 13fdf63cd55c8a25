#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ping::json {

/// Bounds of untrusted JSON (TRUST.md T38).
struct Limits {
    std::size_t depth = 16;
    std::size_t keys = 256;  ///< in the whole document
    std::size_t string_bytes = 64 * 1024;
};

/// Parses untrusted JSON: valid UTF-8, one document, no duplicate key in an object, within `limits`; a number
/// is an int64 or, where it is written with a fraction or exponent, a finite double. Anything else is
/// `invalid`
/// ("bad_json") with a message that says what and where (byte offset).
Result<boost::json::value> parse(std::string_view text, const Limits& limits = Limits());

/// Reads the fields of a request's object, strictly typed, and collects every complaint, so that one answer
/// names them all. A missing optional field is nothing, a missing required one "is required"; null counts as
/// missing for both. A present one of the wrong type is a complaint.
class Reader {
public:
    explicit Reader(const boost::json::object& object) : object_(object) {}

    /// Required. `missing` is the message when it is not there (default "<name> is required").
    std::string string(std::string_view name, std::string_view missing = {});
    std::optional<std::string> optional_string(std::string_view name);
    std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least,
                                                 std::int64_t most);
    bool boolean(std::string_view name, bool otherwise);
    /// Required, 24 hex digits.
    template <class Id>
    Id id(std::string_view name, std::string_view missing = {}) {
        const auto text = string(name, missing);
        if (has_complaint(name)) {
            return Id();
        }
        const auto parsed = Id::parse(text);
        if (!parsed) {
            complain(name, std::string(name) + " must be an id of 24 hex digits");
        }
        return parsed.value_or(Id());
    }

    void complain(std::string_view name, std::string message);
    bool has_complaint(std::string_view name) const;
    /// `invalid` with all complaints; the message is the first one's. Success when there is none.
    Result<void> finish() const;

private:
    const boost::json::value* find(std::string_view name) const;
    const boost::json::object& object_;
    std::vector<FieldError> complaints_;
};

}  // namespace ping::json
