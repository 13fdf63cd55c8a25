#include "http/http_metrics.hpp"

#include "http/method.hpp"

namespace ping::http {
namespace {

constexpr std::string_view refused_name = "ping_http_connections_refused_total";
constexpr std::string_view refused_help = "Connections closed at once because there are too many.";

std::string route_label(const Route* route) {
    if (route == nullptr) {
        return "method=\"other\",route=\"none\"";
    }
    return "method=\"" + std::string(to_text(route->method)) + "\",route=\"" + route->pattern + "\"";
}

}  // namespace

HttpMetrics::HttpMetrics(Metrics& metrics)
    : refused_of_all(metrics.counter(refused_name, refused_help, "limit=\"connections\"")),
      refused_of_address(metrics.counter(refused_name, refused_help, "limit=\"per_ip\"")),
      accept_failures(metrics.counter("ping_http_accept_failures_total", "Failures to accept a connection.")),
      metrics_(metrics) {}

void HttpMetrics::count_request(const Route* route, int status, std::chrono::nanoseconds duration) {
    auto& counter = requests_[{route, status / 100}];
    if (counter == nullptr) {
        const auto labels = route_label(route) + ",status=\"" + std::to_string(status / 100) + "xx\"";
        counter = &metrics_.counter("ping_http_requests_total", "Answered requests.", labels);
    }
    counter->add();
    auto& histogram = durations_[route];
    if (histogram == nullptr) {
        histogram =
            &metrics_.histogram("ping_http_request_seconds",
                                "From a request's first byte to the end of its answer.", route_label(route));
    }
    histogram->observe(std::chrono::duration<double>(duration).count());
}

}  // namespace ping::http
