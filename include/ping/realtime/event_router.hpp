#pragma once

#include "ping/core/error.hpp"
#include "ping/core/identity.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace ping::realtime {

/// Answers one event from a client (API.md §4): the value of its acknowledgement. `data` is owned by the
/// call.
using EventHandler = std::function<Task<Result<boost::json::value>>(Identity, boost::json::value)>;

/// The table of what clients may say on a socket, the same for every transport. Built at start.
class EventRouter {
public:
    void add(std::string name, EventHandler handler) {
        handlers_.emplace(std::move(name), std::move(handler));
    }
    /// Null when there is no such event.
    const EventHandler* find(std::string_view name) const {
        const auto entry = handlers_.find(name);
        return entry == handlers_.end() ? nullptr : &entry->second;
    }

private:
    std::map<std::string, EventHandler, std::less<>> handlers_;
};

}  // namespace ping::realtime
