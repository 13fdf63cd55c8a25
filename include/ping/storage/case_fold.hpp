#pragma once

#include <string>
#include <string_view>

namespace ping::storage {

/// `text` (UTF-8) with upper and lower case made the same, for searching: the simple case folding of Unicode
/// for the Latin, Greek, Cyrillic and Armenian scripts; other code points stay. Bytes that are not UTF-8 stay
/// as they are. Every engine stores the result beside the name, so that a search means the same on each.
std::string fold_case(std::string_view text);

}  // namespace ping::storage
