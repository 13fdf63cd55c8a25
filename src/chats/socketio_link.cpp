#include "ping/chats/socketio_link.hpp"

#include "ping/chats/codec.hpp"
#include "ping/core/log.hpp"

namespace ping::chats {
namespace {

Task<> mark_delivered(Service& service, UserId user, ChatId chat, Seq seq) {
    const auto marked = co_await service.mark_delivered(user, chat, seq);
    if (!marked) {
        log::debug("chats.not_marked_delivered", {{"code", marked.error().slug}});
    }
}

}  // namespace

Task<Result<SocketIoLink::Page>> SocketIoLink::messages_after(UserId reader, ChatId chat, std::int64_t seq) {
    storage::HistoryQuery query;
    query.chat = chat;
    query.reader = reader;
    query.after = seq;
    query.limit = page_size;
    const auto history = co_await service_.history(query);
    if (!history) {
        co_return history.error();
    }
    Page page;
    page.has_more = history->has_more;
    page.messages.reserve(history->messages.size());
    for (const auto& message : history->messages) {
        page.messages.push_back({message.seq, message.sender, message_json(message)});
    }
    co_return page;
}

Task<> SocketIoLink::reopen(realtime::Caller caller, ChatId chat) {
    const auto joined = co_await live_.join(caller, chat);
    if (!joined) {
        log::debug("chats.not_reopened", {{"code", joined.error().slug}});
    }
}

void SocketIoLink::delivered(UserId user, ChatId chat, std::int64_t seq) {
    if (!service_.note_delivered(user, chat, seq)) {
        tasks_.spawn("chats.mark_delivered",
                     [this, user, chat, seq] { return mark_delivered(service_, user, chat, seq); });
    }
}

void SocketIoLink::caught_up(UserId user, ChatId chat, std::int64_t seq) {
    live_.caught_up(user, chat, seq);
}

}  // namespace ping::chats
