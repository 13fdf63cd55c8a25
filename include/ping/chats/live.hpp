#pragma once

#include "ping/bus/event_bus.hpp"
#include "ping/chats/seen_at_once.hpp"
#include "ping/chats/service.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/realtime/open_chats.hpp"
#include "ping/realtime/typing.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"

#include <optional>

namespace ping::chats {

/// What goes on in chats at this moment and is stored nowhere: who has one open, who types, and what an
/// arriving message sets off. Membership is asked of the service for every event, which may know it from the
/// last second; what is then told goes to members alone, whoever has the chat open. Loop thread.
class Live {
public:
    struct Ports {
        realtime::Hub& hub;
        realtime::OpenChats& open_chats;
        Service& service;
        bus::EventBus& bus;
        Loop& loop;
        TaskGroup& tasks;
    };
    explicit Live(Ports ports);

    /// The connection has the chat open from now on. not_found, forbidden.
    Task<Result<void>> join(realtime::Caller caller, ChatId chat);
    void leave(const realtime::Caller& caller, ChatId chat);
    /// Whether somebody can see what the connection has open.
    void set_visible(const realtime::Caller& caller, bool is_visible);
    /// not_found, forbidden.
    Task<Result<void>> type(realtime::Caller caller, ChatId chat);
    void stop_typing(const realtime::Caller& caller, ChatId chat);

    /// Hears of a message that has reached this node by the bus, after its connections have been given it. It
    /// ends its sender's typing, and those who look at the chat on this node have seen it.
    void heard(const realtime::MessagePlace& message);
    /// A message that somebody had missed has reached them: they have seen it if they look at the chat.
    void caught_up(UserId user, ChatId chat, Seq seq);

private:
    void tell_typing(const realtime::Typing::Change& change);

    Ports ports_;
    realtime::Typing typing_;
    SeenAtOnce seen_;
};

}  // namespace ping::chats
