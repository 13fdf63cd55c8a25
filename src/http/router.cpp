#include "ping/http/router.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace ping::http {
namespace {

// Takes the next segment off `rest`, which starts with a slash.
std::string_view take_segment(std::string_view& rest) {
    rest.remove_prefix(1);
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    return segment;
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with(':');
}

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Whether the path has the pattern's shape. A parameter's segment is never empty.
bool matches(std::string_view pattern, std::string_view path) {
    while (pattern.starts_with('/') && path.starts_with('/')) {
        const auto expected = take_segment(pattern);
        const auto segment = take_segment(path);
        if (is_parameter(expected) ? segment.empty() : segment != expected) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

Parameters parameters_of(std::string_view pattern, std::string_view path) {
    Parameters parameters;
    while (pattern.starts_with('/') && path.starts_with('/')) {
        const auto expected = take_segment(pattern);
        const auto segment = take_segment(path);
        if (is_parameter(expected)) {
            parameters.emplace_back(expected.substr(1), segment);
        }
    }
    return parameters;
}

// Of two patterns that match the same path, the one with text at the first segment where they differ in kind.
bool is_more_exact(std::string_view a, std::string_view b) {
    while (a.starts_with('/') && b.starts_with('/')) {
        const bool a_is_parameter = is_parameter(take_segment(a));
        const bool b_is_parameter = is_parameter(take_segment(b));
        if (a_is_parameter != b_is_parameter) {
            return b_is_parameter;
        }
    }
    return false;
}

// Two patterns that match the same paths: equal but for the names of their parameters.
bool is_same_shape(std::string_view a, std::string_view b) {
    while (a.starts_with('/') && b.starts_with('/')) {
        const auto of_a = take_segment(a);
        const auto of_b = take_segment(b);
        if (is_parameter(of_a) != is_parameter(of_b) || (!is_parameter(of_a) && of_a != of_b)) {
            return false;
        }
    }
    return a.empty() && b.empty();
}

void check_pattern(std::string_view pattern) {
    if (!pattern.starts_with('/')) {
        throw std::logic_error("router: a pattern starts with a slash: " + std::string(pattern));
    }
}

void add_once(std::vector<Method>& methods, Method method) {
    if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
        methods.push_back(method);
    }
}

// A GET route answers HEAD as well.
bool serves(const Route& route, Method method) {
    return route.method == method || (method == Method::head && route.method == Method::get);
}

}  // namespace

void Router::add(Method method, std::string pattern, RouteOptions options, Handler handler) {
    check_pattern(pattern);
    for (const auto& route : routes_) {
        if (route.method == method && is_same_shape(route.pattern, pattern)) {
            throw std::logic_error("router: added twice: " + pattern);
        }
    }
    routes_.push_back(Route{method, std::move(pattern), std::move(handler), std::move(options)});
}

void Router::add_upgrade(std::string pattern, UpgradeHandler handler, UpgradeAdmit admit) {
    check_pattern(pattern);
    upgrades_.push_back(UpgradeRoute{std::move(pattern), std::move(handler), std::move(admit)});
}

Router::Match Router::match(Method method, std::string_view path) const {
    Match match;
    for (const auto& route : routes_) {
        if (!matches(route.pattern, path)) {
            continue;
        }
        add_once(match.allowed, route.method);
        if (route.method == Method::get) {
            add_once(match.allowed, Method::head);
        }
        const bool is_better = match.route == nullptr || is_more_exact(route.pattern, match.route->pattern) ||
                               (match.route->method != method && route.method == method);
        if (serves(route, method) && is_better) {
            match.route = &route;
        }
    }
    if (match.route != nullptr) {
        match.parameters = parameters_of(match.route->pattern, path);
    }
    if (!match.allowed.empty()) {
        add_once(match.allowed, Method::options);
    }
    return match;
}

const UpgradeRoute* Router::match_upgrade(std::string_view path) const {
    for (const auto& route : upgrades_) {
        if (matches(route.pattern, path)) {
            return &route;
        }
    }
    return nullptr;
}

}  // namespace ping::http
