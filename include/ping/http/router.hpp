#pragma once

#include "ping/core/error.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/upgrade.hpp"
#include "ping/runtime/task.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ping::http {

/// Answers one request. The request outlives the call.
using Handler = std::function<Task<Result<Response>>(Request&)>;

enum class Auth {
    none,      ///< anyone
    required,  ///< 401 without a valid token; `Request::identity` is set
};

struct RouteOptions {
    Auth auth = Auth::required;
    std::size_t body_limit = 0;  ///< bytes; 0: the server's JSON limit
};

struct Route {
    Method method = Method::get;
    std::string pattern;  ///< segments of text or `:name`, e.g. `/api/v1/message/:chatId`
    Handler handler;
    RouteOptions options;
};

/// The table of what is served: built at start, read by the server. A literal segment wins over `:name`.
class Router {
public:
    void add(Method method, std::string pattern, RouteOptions options, Handler handler);
    /// A GET that turns the connection into a WebSocket. The handler takes over the socket.
    void add_upgrade(std::string pattern, UpgradeHandler handler);

    struct Match {
        const Route* route = nullptr;  ///< null: no such path, or not with this method
        std::vector<Method> allowed;   ///< the methods this path has, for 405 and OPTIONS; empty: 404
        std::vector<std::pair<std::string, std::string>> parameters;
    };
    Match match(Method method, std::string_view path) const;
    const UpgradeHandler* match_upgrade(std::string_view path) const;
    /// All routes, for tests that walk them.
    const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
    std::vector<std::pair<std::string, UpgradeHandler>> upgrades_;
};

}  // namespace ping::http
