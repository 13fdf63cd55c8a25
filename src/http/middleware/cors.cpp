#include "http/middleware/cors.hpp"

#include "http/ascii.hpp"

#include <algorithm>

namespace ping::http {
namespace {

constexpr std::string_view preflight_lifetime = "600";
constexpr std::string_view exposed_headers = "X-Request-Id, Retry-After, Link, Content-Disposition";

bool is_local(std::string_view origin) {
    for (const std::string_view host : {"http://localhost", "http://127.0.0.1"}) {
        if (!origin.starts_with(host)) {
            continue;
        }
        const auto port = origin.substr(host.size());
        if (port.empty() || (port.size() >= 2 && port.size() <= 6 && port.front() == ':' &&
                             std::all_of(port.begin() + 1, port.end(), ascii::is_digit))) {
            return true;
        }
    }
    return false;
}

std::string without_slash(std::string url) {
    if (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

}  // namespace

Origins::Origins(const Config::Server& config)
    : is_development_(config.mode == Mode::development),
      is_https_(config.public_url.starts_with("https://")) {
    for (const auto& origin : config.cors_origins) {
        allowed_.push_back(without_slash(origin));
    }
    if (!config.public_url.empty()) {
        allowed_.push_back(without_slash(config.public_url));
    }
}

bool Origins::is_own(std::string_view origin, std::string_view host) const {
    constexpr std::string_view http = "http://";
    constexpr std::string_view https = "https://";
    if (host.empty()) {
        return false;
    }
    if (origin.starts_with(https)) {
        return origin.substr(https.size()) == host;
    }
    // Where we are known as https, a page that came over http may be anybody's.
    return !is_https_ && origin.starts_with(http) && origin.substr(http.size()) == host;
}

bool Origins::allow(std::string_view origin, std::string_view host) const {
    if (origin.empty()) {
        return false;
    }
    return is_own(origin, host) || (is_development_ && is_local(origin)) ||
           std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end();
}

bool Origins::allow(const Request& request) const {
    return allow(request.header("origin"), request.header("host"));
}

bool is_preflight(const Request& request) {
    return request.method == Method::options && !request.header("origin").empty() &&
           !request.header("access-control-request-method").empty();
}

Response preflight_response(const Request& request, const Origins& origins, std::string_view methods) {
    Response response;
    response.status = 204;
    if (!origins.allow(request)) {
        return response;
    }
    response.with_header("Access-Control-Allow-Methods", std::string(methods));
    const auto asked = request.header("access-control-request-headers");
    if (!asked.empty()) {
        response.with_header("Access-Control-Allow-Headers", std::string(asked));
    }
    response.with_header("Access-Control-Max-Age", std::string(preflight_lifetime));
    return response;
}

void add_cors_headers(Response& response, const Request& request, const Origins& origins) {
    response.with_header("Vary", "Origin");
    if (!origins.allow(request)) {
        return;
    }
    response.with_header("Access-Control-Allow-Origin", std::string(request.header("origin")));
    response.with_header("Access-Control-Allow-Credentials", "true");
    response.with_header("Access-Control-Expose-Headers", std::string(exposed_headers));
}

}  // namespace ping::http
