#pragma once

#include "ping/http/static_files.hpp"

#include <span>

namespace ping::app {

/// The built web client (web/dist); empty when the server was built without it. Written by
/// cmake/embed_files.cmake.
extern const std::span<const http::EmbeddedFile> web_files;
/// What config/api has: the descriptions of the API and the style of their page.
extern const std::span<const http::EmbeddedFile> api_files;

}  // namespace ping::app
