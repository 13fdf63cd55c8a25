#pragma once

#include <string_view>

namespace ping::app {

/// The version of this build, as in CMakeLists.txt.
std::string_view version();

}  // namespace ping::app
