#pragma once

#include "ping/core/identity.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/task.hpp"
#include "ping/users/service.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <string>

namespace ping::users {

/// The routes of API.md §3 that concern people. Loop thread.
class Controller {
public:
    /// Makes a token with the same session and expiry: the family's clients expect one after a rename.
    using SignToken = std::function<std::string(const Identity&)>;
    /// Whether the first is shown the second's presence.
    using ShowsPresence = std::function<bool(UserId, UserId)>;
    Controller(Service& service, SignToken sign, ShowsPresence shows_presence)
        : service_(service), sign_(std::move(sign)), shows_presence_(std::move(shows_presence)) {}

    Task<Result<http::Response>> me(http::Request& request);
    Task<Result<http::Response>> get(http::Request& request);
    Task<Result<http::Response>> list(http::Request& request);
    Task<Result<http::Response>> rename(http::Request& request);

private:
    boost::json::value shown_to(UserId viewer, const User& user) const;

    Service& service_;
    SignToken sign_;
    ShowsPresence shows_presence_;
};

void mount_routes(http::Router& router, Controller& controller);

}  // namespace ping::users
