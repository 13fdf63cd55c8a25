#include "ping/chats/codec.hpp"
#include "ping/chats/controller.hpp"
#include "ping/core/json.hpp"

#include <limits>

namespace ping::chats {
namespace {

Error not_an_object() {
    return errors::invalid("data must be an object", "bad_data");
}

struct Mark {
    ChatId chat;
    Seq seq = 0;
};

Result<Mark> read_mark(const boost::json::value& data) {
    const auto* const object = data.if_object();
    if (object == nullptr) {
        return not_an_object();
    }
    json::Reader reader(*object);
    Mark mark;
    mark.chat = reader.id<ChatId>("chatId", "ChatId Required");
    mark.seq = reader.integer("seq", 0, std::numeric_limits<Seq>::max());
    if (auto checked = reader.finish(); !checked) {
        return checked.error();
    }
    return mark;
}

}  // namespace

Task<Result<boost::json::value>> EventController::send_message(realtime::Caller caller,
                                                               boost::json::value data) {
    const auto* const object = data.if_object();
    if (object == nullptr) {
        co_return not_an_object();
    }
    json::Reader reader(*object);
    SendRequest message;
    message.chat = reader.id<ChatId>("chatId", "ChatId Required");
    message.text = reader.optional_string("text").value_or("");
    message.client_id = reader.optional_string("clientId");
    message.sender = caller.identity.user;
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    if (auto charged = service_.charge(message.sender); !charged) {
        co_return charged.error();
    }
    const auto sent = co_await service_.send(std::move(message));
    if (!sent) {
        co_return sent.error();
    }
    boost::json::value answer{{"message", message_json(sent->message)}};
    co_return answer;
}

Task<Result<boost::json::value>> EventController::seen(realtime::Caller caller, boost::json::value data) {
    const auto mark = read_mark(data);
    if (!mark) {
        co_return mark.error();
    }
    const auto moved = co_await service_.mark_read(caller.identity.user, mark->chat, mark->seq);
    if (!moved) {
        co_return moved.error();
    }
    boost::json::value answer{{"readSeq", moved->to}, {"unseenCount", moved->unread}};
    co_return answer;
}

Task<Result<boost::json::value>> EventController::delivered(realtime::Caller caller,
                                                            boost::json::value data) {
    const auto mark = read_mark(data);
    if (!mark) {
        co_return mark.error();
    }
    const auto marked = co_await service_.mark_delivered(caller.identity.user, mark->chat, mark->seq);
    if (!marked) {
        co_return marked.error();
    }
    boost::json::value answer{{"chatId", mark->chat.to_string()}};
    co_return answer;
}

}  // namespace ping::chats
