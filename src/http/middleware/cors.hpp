#pragma once

#include "ping/core/config.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ping::http {

/// Which origins may talk to this server: those of `server.cors_origins`, our own (`public_url`, and the host
/// that the request names), and in development any port of localhost and 127.0.0.1. Compared byte for byte:
/// browsers send origins in lower case, and `null` is nobody.
class Origins {
public:
    explicit Origins(const Config::Server& config);
    bool allow(std::string_view origin, std::string_view host) const;
    /// The request has an Origin and it is allowed.
    bool allow(const Request& request) const;

private:
    bool is_own(std::string_view origin, std::string_view host) const;

    std::vector<std::string> allowed_;
    bool is_development_;
    bool is_https_;
};

/// A browser's question before a cross-origin request (Fetch standard, §3.2.2).
bool is_preflight(const Request& request);
/// 204: the methods and the asked-for headers for an allowed origin, nothing for another.
Response preflight_response(const Request& request, const Origins& origins, std::string_view methods);
/// `Vary: Origin` always; for an allowed origin its exact echo. Never `*`.
void add_cors_headers(Response& response, const Request& request, const Origins& origins);

}  // namespace ping::http
