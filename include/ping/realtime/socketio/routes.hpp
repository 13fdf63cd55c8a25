#pragma once

#include "ping/http/router.hpp"
#include "ping/realtime/socketio/engine.hpp"

#include <string>

namespace ping::realtime::socketio {

/// Serves `engine` at `path` (without a slash at the end), with and without a slash behind it. The engine
/// must outlive the router's last request.
void mount_engine(http::Router& router, const std::string& path, Engine& engine);

}  // namespace ping::realtime::socketio
