#include "http/middleware/auth.hpp"

#include "http/method.hpp"

namespace ping::http {
namespace {

/// A script of our own page asked. A same-origin GET has no Origin header; browsers say it in these two
/// (Fetch Metadata), which no script can set. An image of our own page is none of this.
bool is_own_fetch(const Request& request) {
    return request.header("sec-fetch-site") == "same-origin" && request.header("sec-fetch-dest") == "empty";
}

}  // namespace

Task<Result<void>> authenticate(const Authenticate& check, const Origins& origins,
                                std::string_view cookie_name, Request& request) {
    const auto bearer = request.bearer_token();
    const auto token = bearer.value_or(request.cookie(cookie_name));
    if (!bearer && token.empty()) {
        co_return errors::unauthenticated("Please Login - No auth header");
    }
    if (token.empty()) {
        co_return errors::unauthenticated("Please Login - JWT error");
    }
    if (!bearer && !is_safe(request.method) && !origins.allow(request)) {
        co_return errors::forbidden("This origin is not allowed", "origin_not_allowed");
    }
    const auto identity = co_await check(token);
    if (!identity) {
        co_return identity.error();
    }
    request.identity = *identity;
    request.by_cookie = !bearer;
    request.is_forgeable = !bearer && !origins.allow(request) && !is_own_fetch(request);
    co_return ok();
}

std::string_view session_cookie(const Config::Server& config) {
    return config.public_url.starts_with("https://") ? "__Host-ping_session" : "ping_session";
}

}  // namespace ping::http
