#include "ping/users/controller.hpp"

namespace ping::users {

void mount_routes(http::Router& router, Controller& controller) {
    using http::Method;
    const http::RouteOptions closed{.auth = http::Auth::required};
    const http::Handler rename = [&](http::Request& request) { return controller.rename(request); };
    router.add(Method::get, "/api/v1/me", closed,
               [&](http::Request& request) { return controller.me(request); });
    router.add(Method::patch, "/api/v1/me", closed, rename);
    router.add(Method::post, "/api/v1/update/user", closed, rename);
    router.add(Method::get, "/api/v1/user/all", closed,
               [&](http::Request& request) { return controller.list(request); });
    router.add(Method::get, "/api/v1/user/:id", closed,
               [&](http::Request& request) { return controller.get(request); });
}

}  // namespace ping::users
