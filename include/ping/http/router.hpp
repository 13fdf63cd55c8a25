#pragma once

#include "ping/core/error.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/upgrade.hpp"
#include "ping/runtime/task.hpp"

#include <cstddef>
#include <functional>
#include <optional>
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

/// Looks at a request when its head is there and its body has not been read. What it answers is the refusal;
/// else it may change the most bytes that the body may have.
using Admit = std::function<std::optional<Response>(Request&, std::size_t& body_limit)>;

struct RouteOptions {
    Auth auth = Auth::required;
    std::size_t body_limit = 0;  ///< bytes; 0: the server's JSON limit
    Admit admit{};               ///< may be empty
    /// The handler waits for something to answer with, and itself bounds how long: `limits.request` is not
    /// its deadline. It learns by `Request::on_gone` that the client has left.
    bool long_poll = false;
    /// The handler begins before the body is read, and reads it by `Request::body_stream`. What it leaves
    /// unread ends the connection. Not with `long_poll`.
    bool streams_body = false;
};

struct Route {
    Method method = Method::get;
    std::string pattern;  ///< segments of text or `:name`, e.g. `/api/v1/message/:chatId`
    Handler handler;
    RouteOptions options;
};

/// Looks at a WebSocket's handshake before it is answered. What it answers is the refusal.
using UpgradeAdmit = std::function<std::optional<Response>(const Request&)>;

struct UpgradeRoute {
    std::string pattern;
    UpgradeHandler handler;
    UpgradeAdmit admit;  ///< may be empty
};

/// The table of what is served: built at start, read by the server. A literal segment wins over `:name`.
class Router {
public:
    void add(Method method, std::string pattern, RouteOptions options, Handler handler);
    /// A GET that turns the connection into a WebSocket. The handler takes over the socket, unless `admit`
    /// has an answer to the handshake, which is then a refusal over HTTP.
    void add_upgrade(std::string pattern, UpgradeHandler handler, UpgradeAdmit admit = {});

    struct Match {
        const Route* route = nullptr;  ///< null: no such path, or not with this method
        std::vector<Method> allowed;   ///< the methods this path has, for 405 and OPTIONS; empty: 404
        std::vector<std::pair<std::string, std::string>> parameters;
    };
    Match match(Method method, std::string_view path) const;
    const UpgradeRoute* match_upgrade(std::string_view path) const;
    /// All routes, and all WebSockets, for tests that walk them.
    const std::vector<Route>& routes() const { return routes_; }
    const std::vector<UpgradeRoute>& upgrades() const { return upgrades_; }

private:
    std::vector<Route> routes_;
    std::vector<UpgradeRoute> upgrades_;
};

}  // namespace ping::http
