#pragma once

#include "ping/chats/live.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

namespace ping::chats {

/// The events of API.md §4 that store nothing: which chat is open, who can see it, who types. What they name
/// beside a chat is ignored: the connection says who. Loop thread.
class LiveController {
public:
    explicit LiveController(Live& live) : live_(live) {}

    Task<Result<boost::json::value>> join_chat(realtime::Caller caller, boost::json::value data);
    Task<Result<boost::json::value>> leave_chat(realtime::Caller caller, boost::json::value data);
    Task<Result<boost::json::value>> visibility(realtime::Caller caller, boost::json::value data);
    Task<Result<boost::json::value>> typing(realtime::Caller caller, boost::json::value data);
    Task<Result<boost::json::value>> stop_typing(realtime::Caller caller, boost::json::value data);

private:
    Live& live_;
};

void mount_live_events(realtime::EventRouter& router, LiveController& controller);

}  // namespace ping::chats
