#pragma once

#include "ping/core/config.hpp"
#include "ping/core/metrics.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/task.hpp"

namespace ping::app {

/// `/healthz` (the loop turns), `/readyz` (it may be given traffic), `/metrics` (Prometheus) and `/`. Loop
/// thread.
class Health {
public:
    Health(const Config& config, const Metrics& metrics) : token_(config.metrics.token), metrics_(metrics) {}

    void set_ready(bool ready) { is_ready_ = ready; }

    Task<Result<http::Response>> healthz(http::Request& request);
    Task<Result<http::Response>> readyz(http::Request& request);
    /// From this machine, or with `Authorization: Bearer <metrics.token>`.
    Task<Result<http::Response>> metrics(http::Request& request);
    Task<Result<http::Response>> welcome(http::Request& request);

private:
    const std::string token_;
    const Metrics& metrics_;
    bool is_ready_ = false;
};

void mount_health(http::Router& router, Health& health);

}  // namespace ping::app
