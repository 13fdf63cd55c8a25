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
    boost::json::object shown{{"status", "ready"}};
    for (const auto& dependency : dependencies_) {
        shown[dependency.name] = dependency.is_up() ? "up" : "down";
    }
    const boost::json::value body(std::move(shown));
    co_return http::json_response(200, body);
}

Task<Result<http::Response>> Health::metrics(http::Request& request) {
    const auto bearer = request.bearer_token();
    const bool has_token = !token_.empty() && bearer && is_same_secret(*bearer, token_);
    if (!has_token && !is_local(request)) {
        co_return errors::forbidden("Metrics are for this machine or for the holder of metrics.token");
    }
    co_return http::text_response(200, metrics_.to_text(), "text/plain; version=0.0.4; charset=utf-8");
}

void mount_health(http::Router& router, Health& health) {
    using http::Method;
    const http::RouteOptions open{.auth = http::Auth::none};
    router.add(Method::get, "/healthz", open,
               [&](http::Request& request) { return health.healthz(request); });
    router.add(Method::get, "/readyz", open, [&](http::Request& request) { return health.readyz(request); });
    router.add(Method::get, "/metrics", open,
               [&](http::Request& request) { return health.metrics(request); });
}

}  // namespace ping::app
