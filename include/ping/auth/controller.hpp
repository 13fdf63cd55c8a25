#pragma once

#include "ping/auth/service.hpp"
#include "ping/core/config.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/task.hpp"

#include <string>
#include <string_view>

namespace ping::auth {

/// Turns requests into calls of the service and its answers into API.md §3's JSON. Loop thread.
class Controller {
public:
    Controller(Service& service, Sessions& sessions, const Config& config);

    Task<Result<http::Response>> login(http::Request& request);
    Task<Result<http::Response>> verify(http::Request& request);
    Task<Result<http::Response>> logout(http::Request& request);
    Task<Result<http::Response>> logout_all(http::Request& request);
    Task<Result<http::Response>> list_sessions(http::Request& request);
    Task<Result<http::Response>> end_session(http::Request& request);

private:
    using Revoke = Task<Result<void>> (Sessions::*)(Identity);
    /// `message` is a literal: it must outlive the call.
    Task<Result<http::Response>> log_out(Identity identity, Revoke revoke, std::string_view message);
    /// 200, and the browser forgets its cookie.
    http::Response goodbye(std::string_view message) const;
    std::string set_cookie(const std::string& token, std::chrono::seconds max_age) const;

    Service& service_;
    Sessions& sessions_;
    const std::string_view cookie_name_;
    const bool is_https_;
    const std::chrono::seconds token_lifetime_;
};

/// Mounts the routes of API.md §3 that concern login.
void mount_routes(http::Router& router, Controller& controller);

}  // namespace ping::auth
