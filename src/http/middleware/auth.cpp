#include "http/middleware/auth.hpp"

#include "http/ascii.hpp"
#include "http/method.hpp"

namespace ping::http {
namespace {

constexpr std::string_view bearer = "Bearer ";

}  // namespace

Task<Result<void>> authenticate(const Authenticate& check, const Origins& origins,
                                std::string_view cookie_name, Request& request) {
    const auto header = request.header("authorization");
    const bool has_bearer = ascii::istarts_with(header, bearer) || ascii::iequals(header, "Bearer");
    const auto token = has_bearer ? ascii::trim(header.substr(std::min(bearer.size(), header.size())))
                                  : request.cookie(cookie_name);
    if (!has_bearer && token.empty()) {
        co_return errors::unauthenticated("Please Login - No auth header");
    }
    if (token.empty()) {
        co_return errors::unauthenticated("Please Login - JWT error");
    }
    if (!has_bearer && !is_safe(request.method) && !origins.allow(request)) {
        co_return errors::forbidden("This origin is not allowed", "origin_not_allowed");
    }
    const auto identity = co_await check(token);
    if (!identity) {
        co_return identity.error();
    }
    request.identity = *identity;
    request.by_cookie = !has_bearer;
    co_return ok();
}

std::string_view session_cookie(const Config::Server& config) {
    return config.public_url.starts_with("https://") ? "__Host-ping_session" : "ping_session";
}

}  // namespace ping::http
