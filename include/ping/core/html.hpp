#pragma once

#include <string>
#include <string_view>

namespace ping {

/// The text as HTML shows it, within an element or a quoted attribute.
std::string escape_html(std::string_view text);

}  // namespace ping
