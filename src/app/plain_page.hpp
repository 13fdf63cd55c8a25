#pragma once

#include <string_view>

namespace ping::app {

/// What a page without scripts may do: show itself, with a style of this server.
constexpr std::string_view plain_page_policy =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace ping::app
