#include "ping/auth/controller.hpp"

namespace ping::auth {

void mount_routes(http::Router& router, Controller& controller) {
    using http::Auth;
    using http::Method;
    const http::RouteOptions open{.auth = Auth::none};
    const http::RouteOptions closed{.auth = Auth::required};
    const http::Handler login = [&](http::Request& request) { return controller.login(request); };
    const http::Handler verify = [&](http::Request& request) { return controller.verify(request); };
    // The family's frontends know the login under three names.
    for (const auto* path : {"/api/v1/login", "/api/v1/loginUser", "/api/login"}) {
        router.add(Method::post, path, open, login);
    }
    for (const auto* path : {"/api/v1/verify", "/api/v1/verify-otp"}) {
        router.add(Method::post, path, open, verify);
    }
    router.add(Method::post, "/api/v1/logout", closed,
               [&](http::Request& request) { return controller.logout(request); });
    router.add(Method::post, "/api/v1/logout-all", closed,
               [&](http::Request& request) { return controller.logout_all(request); });
    router.add(Method::get, "/api/v1/me/sessions", closed,
               [&](http::Request& request) { return controller.list_sessions(request); });
    router.add(Method::del, "/api/v1/me/sessions/:sid", closed,
               [&](http::Request& request) { return controller.end_session(request); });
}

}  // namespace ping::auth
