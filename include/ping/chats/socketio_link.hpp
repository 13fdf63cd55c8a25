#pragma once

#include "ping/chats/live.hpp"
#include "ping/chats/service.hpp"
#include "ping/realtime/socketio/chat_link.hpp"
#include "ping/runtime/task_group.hpp"

namespace ping::chats {

/// The chats' side of Socket.IO's gateway. Loop thread.
class SocketIoLink final : public realtime::socketio::ChatLink {
public:
    /// Messages that a device which comes back gets before it must have taken them.
    static constexpr int page_size = 50;

    /// All must outlive it, and it the group's tasks.
    SocketIoLink(Service& service, Live& live, TaskGroup& tasks)
        : service_(service), live_(live), tasks_(tasks) {}

    Task<Result<Page>> messages_after(UserId reader, ChatId chat, std::int64_t seq) override;
    Task<> reopen(realtime::Caller caller, ChatId chat) override;
    void delivered(UserId user, ChatId chat, std::int64_t seq) override;
    void caught_up(UserId user, ChatId chat, std::int64_t seq) override;

private:
    Service& service_;
    Live& live_;
    TaskGroup& tasks_;
};

}  // namespace ping::chats
