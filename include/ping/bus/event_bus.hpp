#pragma once

#include "ping/core/id.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ping::bus {

/// Something that people's connections must hear of (API.md §4, server to client).
struct Event {
    std::string name;
    boost::json::value data;
    std::vector<UserId> recipients;
    std::optional<ChatId> open_chat{};  ///< only to the recipients' connections that have this chat open
};

/// Carries events to every node that has connections. Loop thread. Delivery is best effort: what must not be
/// lost is in a store first, and clients resume from there. Events of one publisher arrive in order.
class EventBus {
public:
    virtual ~EventBus() = default;
    virtual void publish(Event event) = 0;
    /// Who gets the events on this node. Set once, at start.
    virtual void subscribe(std::function<void(const Event&)> sink) = 0;
};

}  // namespace ping::bus
