#pragma once

#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/media/service.hpp"
#include "ping/runtime/task.hpp"

namespace ping::media {

/// The routes of API.md §3 that serve images. Loop thread.
class Controller {
public:
    explicit Controller(Service& service) : service_(service) {}

    Task<Result<http::Response>> image(http::Request& request);
    Task<Result<http::Response>> thumbnail(http::Request& request);

private:
    Task<Result<http::Response>> serve(http::Request& request, bool is_thumb);

    Service& service_;
};

void mount_routes(http::Router& router, Controller& controller);

}  // namespace ping::media
