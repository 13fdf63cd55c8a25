#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::http {

/// A header's value with parameters, such as `form-data; name="text"` (RFC 9110 §5.6.6).
struct ParameterizedValue {
    std::string value;                                            ///< before the first semicolon, trimmed
    std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, in order

    /// Nothing when there is none of that name, or more than one.
    std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Nothing when it is malformed. In a quoted string a backslash escapes a quote and nothing else: browsers
/// have sent Windows paths as they are.
std::optional<ParameterizedValue> parse_parameters(std::string_view text);

}  // namespace ping::http
