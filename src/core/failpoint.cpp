#include "ping/core/failpoint.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ping::failpoint {
namespace {

constexpr const char* variable = "PINGD_FAILPOINT";
constexpr std::string_view sleep_prefix = "sleep_";

/// Points are made while the program is loaded, in no known order: so not a variable of the file.
std::vector<Point*>& points() {
    static std::vector<Point*> all;
    return all;
}

Point* find(std::string_view name) {
    const auto found = std::ranges::find(points(), name, &Point::name);
    return found == points().end() ? nullptr : *found;
}

std::string names() {
    std::vector<std::string_view> sorted;
    std::ranges::transform(points(), std::back_inserter(sorted), &Point::name);
    std::ranges::sort(sorted);
    std::string text;
    for (const auto name : sorted) {
        text.append(text.empty() ? "" : " ").append(name);
    }
    return text;
}

std::optional<int> to_number(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    return is_whole && number > 0 ? std::optional(number) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (auto end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
}

bool read_action(std::string_view text, Order& order) {
    if (text == "abort" || text == "eio") {
        order.action = text == "abort" ? Action::abort : Action::eio;
        return true;
    }
    if (!text.starts_with(sleep_prefix)) {
        return false;
    }
    const auto pause = to_number(text.substr(sleep_prefix.size()));
    order.action = Action::sleep;
    order.pause = std::chrono::milliseconds(pause.value_or(0));
    return pause.has_value();
}

Result<std::pair<Point*, Order>> read_order(std::string_view text) {
    const auto parts = split(text, ':');
    auto* const point = find(parts.front());
    if (point == nullptr) {
        return errors::invalid("no failpoint is called '" + std::string(parts.front()) +
                               "'; there are: " + names());
    }
    Order order;
    const auto nth = parts.size() == 3 ? to_number(parts[2]) : std::nullopt;
    if (parts.size() < 2 || parts.size() > 3 || !read_action(parts[1], order) ||
        (parts.size() == 3 && !nth)) {
        return errors::invalid("'" + std::string(text) + "' is not name:abort|eio|sleep_<ms>[:nth]");
    }
    order.nth = nth.value_or(0);
    return std::pair(point, order);
}

}  // namespace

Point::Point(const char* name) : name_(name) {
    points().push_back(this);
}

void Point::arm(const Order& order) {
    order_ = order;
    hits_ = 0;
    is_armed_.store(true, std::memory_order_release);
}

void Point::act() {
    if (const int hit = ++hits_; order_.nth != 0 && hit != order_.nth) {
        return;
    }
    switch (order_.action) {
        case Action::abort:
            std::raise(SIGKILL);
            return;
        case Action::eio:
            throw std::system_error(EIO, std::generic_category(), std::string("failpoint ") + name_);
        case Action::sleep:
            std::this_thread::sleep_for(order_.pause);
            return;
    }
}

Result<void> arm(std::string_view orders) {
    std::vector<std::pair<Point*, Order>> read;
    for (const auto text : split(orders, ',')) {
        auto order = read_order(text);
        if (!order) {
            return order.error();
        }
        read.push_back(*order);
    }
    std::ranges::for_each(points(), &Point::disarm);
    for (const auto& [point, order] : read) {
        point->arm(order);
    }
    return ok();
}

Result<void> arm_from_environment() {
    const char* const orders = std::getenv(variable);
    return orders == nullptr ? ok() : arm(orders);
}

bool is_variable(std::string_view name) {
    return name == variable;
}

}  // namespace ping::failpoint
