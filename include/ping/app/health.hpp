#pragma once

#include "ping/core/config.hpp"
#include "ping/core/metrics.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/task.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ping::app {

/// `/healthz` (the loop turns), `/readyz` (it may be given traffic) and `/metrics` (Prometheus). Loop thread.
class Health {
public:
    Health(const Config& config, const Metrics& metrics) : token_(config.metrics.token), metrics_(metrics) {}

    void set_ready(bool ready) { is_ready_ = ready; }
    /// A server that a part of Ping needs. While it is away the rest still serves, so `/readyz` stays 200 and
    /// says `"name": "down"`.
    void watch(std::string name, std::function<bool()> is_up) {
        dependencies_.push_back({std::move(name), std::move(is_up)});
    }

    Task<Result<http::Response>> healthz(http::Request& request);
    Task<Result<http::Response>> readyz(http::Request& request);
    /// From this machine, or with `Authorization: Bearer <metrics.token>`.
    Task<Result<http::Response>> metrics(http::Request& request);

private:
    struct Dependency {
        std::string name;
        std::function<bool()> is_up;
    };
    const std::string token_;
    const Metrics& metrics_;
    std::vector<Dependency> dependencies_;
    bool is_ready_ = false;
};

void mount_health(http::Router& router, Health& health);

}  // namespace ping::app
