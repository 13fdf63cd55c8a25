#pragma once

#include "http/connection_limits.hpp"
#include "http/http_metrics.hpp"
#include "http/middleware/client_address.hpp"
#include "http/middleware/cors.hpp"
#include "http/middleware/request_id.hpp"
#include "ping/core/config.hpp"
#include "ping/http/router.hpp"
#include "ping/http/server.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task_group.hpp"

#include <string_view>
#include <unordered_set>

namespace ping::http {

class Session;

/// What all connections of one server share. Loop thread.
struct Context {
    Context(Loop& loop_in, const Config& config_in, const Router& router_in, Authenticate authenticate_in,
            Metrics& metrics_in);

    Loop& loop;
    const Config& config;
    const Router& router;
    Authenticate authenticate;
    HttpMetrics metrics;
    Origins origins;
    TrustedProxies proxies;
    RequestIds ids;
    ConnectionLimits limits;
    std::string_view cookie_name;
    TaskGroup tasks;
    bool is_stopping = false;
    std::unordered_set<Session*> sessions;  ///< those alive; each enters and leaves by itself
};

}  // namespace ping::http
