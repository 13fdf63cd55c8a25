#pragma once

#include "ping/core/error.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ping::realtime {

/// Answers one event from a client (API.md §4): the value of its acknowledgement. `data` is owned by the
/// call.
using EventHandler = std::function<Task<Result<boost::json::value>>(Caller, boost::json::value)>;

/// Calls the handler of `event`; to be awaited directly. What it throws becomes an internal error, and faults
/// of the server are logged.
Task<Result<boost::json::value>> answer_event(std::string_view event, const EventHandler& handler,
                                              Caller caller, boost::json::value data);

/// How much an event's answer may be.
enum class AnswerSize {
    small,  ///< up to some kilobytes; a connection may have several under way
    large,  ///< up to megabytes: a connection's next request is read when this answer has left
};

/// What there is to know about one event.
struct EventRoute {
    EventHandler handler;
    AnswerSize answer = AnswerSize::small;
};

/// The table of what clients may say on a socket, the same for every transport. Built at start.
class EventRouter {
public:
    void add(std::string name, EventHandler handler, AnswerSize answer = AnswerSize::small) {
        routes_.emplace(std::move(name), EventRoute{std::move(handler), answer});
    }
    /// Null when there is no such event.
    const EventRoute* find(std::string_view name) const {
        const auto entry = routes_.find(name);
        return entry == routes_.end() ? nullptr : &entry->second;
    }
    /// All events, for tests that walk them.
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        all.reserve(routes_.size());
        for (const auto& [name, route] : routes_) {
            all.push_back(name);
        }
        return all;
    }

private:
    std::map<std::string, EventRoute, std::less<>> routes_;
};

}  // namespace ping::realtime
