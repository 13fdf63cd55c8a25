#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::http {

/// A request target in origin-form, decoded.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
};

/// Decodes `/path?query`. Nothing when an escape is broken, when the text is not UTF-8 or has a control
/// character, and when the path has an escaped slash or a `.` or `..` segment: so splitting the decoded path
/// gives the same segments as splitting the raw one, and no path leads out of a folder.
std::optional<Target> parse_target(std::string_view target);

/// Decodes `%XX`, and `+` as a space where `plus_is_space`. Nothing for a broken escape, invalid UTF-8 or
/// NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace ping::http
