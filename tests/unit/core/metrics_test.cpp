#include "ping/core/metrics.hpp"

#include <catch2/catch.hpp>

using namespace ping;

TEST_CASE("metrics: counters and gauges in Prometheus' text format", "[core]") {
    Metrics metrics;
    metrics.counter("ping_a_total", "Things", "kind=\"x\"").add(2);
    metrics.counter("ping_b_total", "Others").add();
    metrics.counter("ping_a_total", "Things", "kind=\"y\"");
    metrics.gauge("ping_open", "Now", [] { return 1.5; });
    CHECK(metrics.to_text() ==
          "# HELP ping_a_total Things\n# TYPE ping_a_total counter\n"
          "ping_a_total{kind=\"x\"} 2\nping_a_total{kind=\"y\"} 0\n"
          "# HELP ping_b_total Others\n# TYPE ping_b_total counter\nping_b_total 1\n"
          "# HELP ping_open Now\n# TYPE ping_open gauge\nping_open 1.5\n");
}

TEST_CASE("metrics: the same name and labels are the same counter", "[core]") {
    Metrics metrics;
    CHECK(&metrics.counter("ping_a_total", "Things", "k=\"1\"") ==
          &metrics.counter("ping_a_total", "Things", "k=\"1\""));
    CHECK(&metrics.counter("ping_a_total", "Things", "k=\"1\"") !=
          &metrics.counter("ping_a_total", "Things", "k=\"2\""));
}

TEST_CASE("metrics: a histogram's buckets are cumulative", "[core]") {
    Metrics metrics;
    auto& histogram = metrics.histogram("ping_request_seconds", "Time", "route=\"/x\"");
    histogram.observe(0.0005);
    histogram.observe(0.002);
    histogram.observe(99);
    const auto text = metrics.to_text();
    const auto has = [&](std::string_view line) { return text.find(line) != std::string::npos; };
    CHECK(has("# TYPE ping_request_seconds histogram\n"));
    CHECK(has("ping_request_seconds_bucket{route=\"/x\",le=\"0.0005\"} 1\n"));
    CHECK(has("ping_request_seconds_bucket{route=\"/x\",le=\"0.001\"} 1\n"));
    CHECK(has("ping_request_seconds_bucket{route=\"/x\",le=\"0.0025\"} 2\n"));
    CHECK(has("ping_request_seconds_bucket{route=\"/x\",le=\"10\"} 2\n"));
    CHECK(has("ping_request_seconds_bucket{route=\"/x\",le=\"+Inf\"} 3\n"));
    CHECK(has("ping_request_seconds_sum{route=\"/x\"} 99.0025\n"));
    CHECK(has("ping_request_seconds_count{route=\"/x\"} 3\n"));
}
