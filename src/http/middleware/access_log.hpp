#pragma once

#include "ping/http/request.hpp"

#include <chrono>
#include <string_view>

namespace ping::http {

/// One line per request. No query (it may hold a token), no header of the client's but the request id.
/// `path` and `method` are empty where the request could not be read.
void write_access_log(const Request& request, std::string_view method, std::string_view route, int status,
                      std::chrono::nanoseconds duration);

}  // namespace ping::http
