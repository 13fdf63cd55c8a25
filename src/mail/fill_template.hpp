#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::mail {

using TemplateValues = std::vector<std::pair<std::string_view, std::string>>;
enum class Escape { none, html };

/// Replaces each `{{name}}` by its value, escaped if asked for. Values are not looked into again; names
/// without a value stay as they are.
std::string fill_template(std::string_view text, const TemplateValues& values, Escape escape);

}  // namespace ping::mail
