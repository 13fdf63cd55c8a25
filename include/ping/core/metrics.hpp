#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ping {

/// A number that only grows. Any thread.
class Counter {
public:
    void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Durations in seconds, in buckets from 0.5 ms to 10 s. Any thread.
class Histogram {
public:
    static constexpr std::array<double, 12> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                   0.05,   0.1,   0.25,   0.5,   1.0,  10.0};
    void observe(double seconds);

private:
    friend class Metrics;
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
    std::atomic<double> sum_{0};
};

/// All series of the process, in Prometheus' text format (version 0.0.4). Names start with `ping_`. Labels
/// are a fixed set written as `method="GET",status="2xx"`: never put what a client can choose into one.
/// Register at start-up or on the loop thread; the series live as long as this object.
class Metrics {
public:
    Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
    Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = {});
    /// A value that is read when somebody asks. `read` runs on the loop thread.
    void gauge(std::string_view name, std::string_view help, std::function<double()> read);
    std::string to_text() const;

private:
    template <class Kind>
    struct Series {
        std::string name, help, labels;
        Kind metric{};
    };
    struct Gauge {
        std::string name, help;
        std::function<double()> read;
    };
    std::deque<Series<Counter>> counters_;
    std::deque<Series<Histogram>> histograms_;
    std::vector<Gauge> gauges_;
};

}  // namespace ping
