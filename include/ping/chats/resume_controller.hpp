#pragma once

#include "ping/chats/service.hpp"
#include "ping/core/config.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace ping::chats {

/// The event `resume` (API.md §5). The answer has the chats that were named; before it, this connection gets
/// `chatCreated` for chats that were not, newest first, and `chatUpdated` for those that it must fetch anew,
/// so that its list of chats is right at once. These events fit into half of an empty outbox: what does not
/// is left out, and when chats are left out, `hasMore` in the answer says so and the client asks for its
/// list. Loop thread.
class ResumeController {
public:
    ResumeController(Service& service, realtime::Hub& hub, const Config::Limits& limits);

    Task<Result<boost::json::value>> resume(realtime::Caller caller, boost::json::value data);

private:
    struct Room {
        std::size_t bytes;
        std::size_t frames;
    };
    /// False when not all rows found room.
    bool tell(realtime::ConnectionId connection, std::string_view event, const std::vector<Row>& rows,
              Room& room);

    Service& service_;
    realtime::Hub& hub_;
    const Room room_;
};

void mount_resume(realtime::EventRouter& router, ResumeController& controller);

}  // namespace ping::chats
