#pragma once

#include "ping/core/metrics.hpp"
#include "ping/http/router.hpp"

#include <chrono>
#include <map>
#include <utility>

namespace ping::http {

/// What the HTTP server counts. Routes are labelled by pattern, never by path. Loop thread.
class HttpMetrics {
public:
    explicit HttpMetrics(Metrics& metrics);

    /// One answered request; `route` is null where none matched.
    void count_request(const Route* route, int status, std::chrono::nanoseconds duration);

    Counter& refused_of_all;      ///< connections closed at once: too many of all
    Counter& refused_of_address;  ///< likewise: too many of one address
    Counter& accept_failures;

private:
    Metrics& metrics_;
    std::map<std::pair<const Route*, int>, Counter*> requests_;
    std::map<const Route*, Histogram*> durations_;
};

}  // namespace ping::http
