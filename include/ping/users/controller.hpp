#pragma once

#include "ping/core/identity.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/task.hpp"
#include "ping/users/service.hpp"

#include <functional>
#include <string>

namespace ping::users {

/// The routes of API.md §3 that concern people. Loop thread.
class Controller {
public:
    /// Makes a token with the same session and expiry: the family's clients expect one after a rename.
    using SignToken = std::function<std::string(const Identity&)>;
    Controller(Service& service, SignToken sign) : service_(service), sign_(std::move(sign)) {}

    Task<Result<http::Response>> me(http::Request& request);
    Task<Result<http::Response>> get(http::Request& request);
    Task<Result<http::Response>> list(http::Request& request);
    Task<Result<http::Response>> rename(http::Request& request);

private:
    Service& service_;
    SignToken sign_;
};

void mount_routes(http::Router& router, Controller& controller);

}  // namespace ping::users
