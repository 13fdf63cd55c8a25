#include "ping/core/metrics.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <set>

namespace ping {
namespace {

/// `name{labels}`, or `name` alone. `extra` is one more label.
std::string series_name(std::string_view name, std::string_view labels, std::string_view extra = {}) {
    const std::string_view comma = labels.empty() || extra.empty() ? "" : ",";
    if (labels.empty() && extra.empty()) {
        return std::string(name);
    }
    return fmt::format("{}{{{}{}{}}}", name, labels, comma, extra);
}

/// HELP and TYPE stand once per name, before its first series.
class Exposition {
public:
    void head(const std::string& name, const std::string& help, std::string_view type) {
        if (named_.insert(name).second) {
            fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
        }
    }
    template <class Number>
    void line(const std::string& series, Number value) {
        fmt::format_to(std::back_inserter(text_), "{} {}\n", series, value);
    }
    std::string take() { return std::move(text_); }

private:
    std::set<std::string> named_;
    std::string text_;
};

/// Those of the same name follow one another, as the format asks.
template <class Series>
std::multimap<std::string_view, const Series*> by_name(const std::deque<Series>& all) {
    std::multimap<std::string_view, const Series*> sorted;
    for (const auto& series : all) {
        sorted.emplace(series.name, &series);
    }
    return sorted;
}

template <class Series>
Series& find_or_add(std::deque<Series>& all, std::string_view name, std::string_view help,
                    std::string_view labels) {
    const auto found = std::ranges::find_if(
        all, [&](const Series& series) { return series.name == name && series.labels == labels; });
    if (found != all.end()) {
        return *found;
    }
    auto& added = all.emplace_back();
    added.name = name;
    added.help = help;
    added.labels = labels;
    return added;
}

}  // namespace

void Histogram::observe(double seconds) {
    const auto bucket = std::ranges::lower_bound(bounds, seconds) - bounds.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(seconds, std::memory_order_relaxed);
}

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
    return find_or_add(counters_, name, help, labels).metric;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::string_view labels) {
    return find_or_add(histograms_, name, help, labels).metric;
}

void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read) {
    gauges_.push_back(Gauge{std::string(name), std::string(help), std::move(read)});
}

std::string Metrics::to_text() const {
    Exposition page;
    for (const auto& [name, series] : by_name(counters_)) {
        page.head(series->name, series->help, "counter");
        page.line(series_name(series->name, series->labels), series->metric.value());
    }
    for (const auto& gauge : gauges_) {
        page.head(gauge.name, gauge.help, "gauge");
        page.line(gauge.name, gauge.read());
    }
    for (const auto& [name, series] : by_name(histograms_)) {
        page.head(series->name, series->help, "histogram");
        std::uint64_t total = 0;
        for (std::size_t i = 0; i <= Histogram::bounds.size(); ++i) {
            total += series->metric.counts_[i].load(std::memory_order_relaxed);
            const auto bound =
                i < Histogram::bounds.size() ? fmt::format("{}", Histogram::bounds[i]) : "+Inf";
            const auto label = fmt::format("le=\"{}\"", bound);
            page.line(series_name(series->name + "_bucket", series->labels, label), total);
        }
        page.line(series_name(series->name + "_sum", series->labels), series->metric.sum_.load());
        page.line(series_name(series->name + "_count", series->labels), total);
    }
    return page.take();
}

}  // namespace ping
