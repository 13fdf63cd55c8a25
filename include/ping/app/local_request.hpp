#pragma once

#include "ping/http/request.hpp"

namespace ping::app {

/// Whether a request was made on this machine for this machine: the peer is loopback, no proxy has left a
/// sign, and the Host is a loopback name or address (a page elsewhere may have pointed its own name at
/// 127.0.0.1).
bool is_local(const http::Request& request);

}  // namespace ping::app
