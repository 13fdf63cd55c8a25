#pragma once

/// Named places at which a test makes this process die, fail or stall (TRUST.md §3.2; the points are those of
/// §3.5). A new point is one line at the place itself, `PING_FAILPOINT(M1);`, which also makes its name
/// known: docs/contributing.md lists them and says how tests use them. Compiled only with the CMake option
/// PINGD_FAILPOINTS, which every preset with tests sets: elsewhere a point is nothing at all, and the
/// rest of this header is not there.

#ifdef PINGD_FAILPOINTS

#include "ping/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string_view>

/// A statement, not in a `noexcept` function. Any thread.
#define PING_FAILPOINT(name) ::ping::failpoint::point<#name>.hit()

namespace ping::failpoint {

enum class Action {
    abort,  ///< SIGKILL: what a power cut does to the process
    eio,    ///< throws std::system_error(EIO), as if the step that comes next had failed
    sleep,  ///< holds the thread up
};

/// What PINGD_FAILPOINT says about one point.
struct Order {
    Action action = Action::abort;
    std::chrono::milliseconds pause{0};  ///< of `sleep`
    int nth = 0;                         ///< the only hit, from 1, that acts; 0: all of them
};

/// A place in the code. Static storage only: it makes itself known before `main`.
class Point {
public:
    explicit Point(const char* name);
    Point(const Point&) = delete;
    Point& operator=(const Point&) = delete;

    void hit() {
        if (is_armed_.load(std::memory_order_acquire)) {
            act();
        }
    }
    std::string_view name() const { return name_; }
    /// Counts hits from here on. While no thread hits the point.
    void arm(const Order& order);
    void disarm() { is_armed_.store(false, std::memory_order_release); }

private:
    void act();

    const char* const name_;
    std::atomic<bool> is_armed_{false};
    std::atomic<int> hits_{0};
    Order order_;
};

/// A string that can be a template's argument.
template <std::size_t Size>
struct Name {
    char text[Size] = {};
    consteval Name(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }
};

template <Name name>
inline Point point{name.text};

/// Arms what `orders` says, `name:abort|eio|sleep_<ms>[:nth]`, separated by commas, and disarms the rest.
/// `invalid`, and nothing changed, when it names no point (the message lists them) or no action.
Result<void> arm(std::string_view orders);
/// The same with the variable PINGD_FAILPOINT; does nothing where it is not set. Before threads are started.
Result<void> arm_from_environment();
/// Whether an environment variable is ours, so that it is no misspelt setting.
bool is_variable(std::string_view name);

}  // namespace ping::failpoint

#else

// No function either: not even debug information names it.
#define PING_FAILPOINT(name) static_cast<void>(0)

#endif
