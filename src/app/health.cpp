#include "ping/app/health.hpp"

#include "ping/app/local_request.hpp"
#include "ping/crypto/hmac.hpp"

namespace ping::app {
namespace {

http::Response state(int status, std::string_view word) {
    const boost::json::value shown{{"status", word}};
    return http::json_response(status, shown);
}

/// Compared as digests, so that neither length nor content shows in the time.
bool is_same_secret(std::string_view given, std::string_view expected) {
    return crypto::equal(crypto::sha256(given), crypto::sha256(expected));
}

}  // namespace

Task<Result<http::Response>> Health::healthz(http::Request& /*request*/) {
    co_return state(200, "ok");
}

Task<Result<http::Response>> Health::readyz(http::Request& /*request*/) {
    if (!is_ready_) {
        co_return errors::unavailable("Not ready", "not_ready");
    }
    co_return state(200, "ready");
}

Task<Result<http::Response>> Health::metrics(http::Request& request) {
    const auto bearer = request.bearer_token();
    const bool has_token = !token_.empty() && bearer && is_same_secret(*bearer, token_);
    if (!has_token && !is_local(request)) {
        co_return errors::forbidden("Metrics are for this machine or for the holder of metrics.token");
    }
    co_return http::text_response(200, metrics_.to_text(), "text/plain; version=0.0.4; charset=utf-8");
}

Task<Result<http::Response>> Health::welcome(http::Request& /*request*/) {
    co_return http::text_response(
        200, "Ping is running. Its API is under /api/v1; README.md shows a first chat.\n",
        "text/plain; charset=utf-8");
}

void mount_health(http::Router& router, Health& health) {
    using http::Method;
    const http::RouteOptions open{.auth = http::Auth::none};
    router.add(Method::get, "/healthz", open,
               [&](http::Request& request) { return health.healthz(request); });
    router.add(Method::get, "/readyz", open, [&](http::Request& request) { return health.readyz(request); });
    router.add(Method::get, "/metrics", open,
               [&](http::Request& request) { return health.metrics(request); });
    router.add(Method::get, "/", open, [&](http::Request& request) { return health.welcome(request); });
}

}  // namespace ping::app
