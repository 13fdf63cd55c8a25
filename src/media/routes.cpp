#include "ping/media/controller.hpp"

namespace ping::media {

void mount_routes(http::Router& router, Controller& controller) {
    using http::Method;
    // The link is the permission.
    const http::RouteOptions open{.auth = http::Auth::none};
    router.add(Method::get, "/api/v1/media/:publicId", open,
               [&](http::Request& request) { return controller.image(request); });
    router.add(Method::get, "/api/v1/media/:publicId/thumb", open,
               [&](http::Request& request) { return controller.thumbnail(request); });
}

}  // namespace ping::media
