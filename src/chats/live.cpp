#include "ping/chats/live.hpp"

#include <algorithm>

namespace ping::chats {
namespace {

Task<Result<void>> mark_read(Service& service, UserId reader, ChatId chat, Seq seq) {
    const auto moved = co_await service.mark_read(reader, chat, seq);
    if (!moved) {
        co_return moved.error();
    }
    co_return ok();
}

}  // namespace

Live::Live(Ports ports)
    : ports_(ports),
      typing_(ports_.hub, ports_.loop.timers(), ports_.loop.clock(),
              [this](const realtime::Typing::Change& change) { tell_typing(change); }),
      seen_(ports_.tasks, [this](UserId reader, ChatId chat, Seq seq) {
          return mark_read(ports_.service, reader, chat, seq);
      }) {}

Task<Result<void>> Live::join(realtime::Caller caller, ChatId chat) {
    ports_.open_chats.ask(caller, chat);
    const auto members = co_await ports_.service.members(caller.identity.user, chat);
    if (!members) {
        ports_.open_chats.close(caller.connection, chat);
        co_return members.error();
    }
    ports_.open_chats.admit(caller.connection, chat);
    co_return ok();
}

void Live::leave(const realtime::Caller& caller, ChatId chat) {
    ports_.open_chats.close(caller.connection, chat);
}

void Live::set_visible(const realtime::Caller& caller, bool is_visible) {
    ports_.open_chats.set_visible(caller, is_visible);
}

Task<Result<void>> Live::type(realtime::Caller caller, ChatId chat) {
    const UserId user = caller.identity.user;
    typing_.ask(caller, chat);
    auto members = co_await ports_.service.members(user, chat);
    if (!members) {
        typing_.refuse(user, chat);
        co_return members.error();
    }
    typing_.start(user, chat, std::move(*members));
    co_return ok();
}

void Live::stop_typing(const realtime::Caller& caller, ChatId chat) {
    typing_.stop(caller.identity.user, chat);
}

void Live::tell_typing(const realtime::Typing::Change& change) {
    boost::json::value data{{"chatId", change.chat.to_string()}, {"userId", change.typist.to_string()}};
    ports_.bus.publish(bus::Event{change.is_typing ? "userTyping" : "userStoppedTyping", std::move(data),
                                  change.audience, change.chat});
}

void Live::heard(const realtime::MessagePlace& message) {
    typing_.stop(message.sender, message.chat);
    for (const auto& viewer : ports_.open_chats.viewers(message.chat)) {
        if (viewer != message.sender) {
            seen_.note(viewer, message.chat, message.seq);
        }
    }
}

void Live::caught_up(UserId user, ChatId chat, Seq seq) {
    const auto viewers = ports_.open_chats.viewers(chat);
    if (std::ranges::find(viewers, user) != viewers.end()) {
        seen_.note(user, chat, seq);
    }
}

}  // namespace ping::chats
