#include "ping/chats/codec.hpp"
#include "ping/chats/controller.hpp"
#include "ping/core/json.hpp"

#include <limits>

namespace ping::chats {
namespace {

Error not_an_object() {
    return errors::invalid("data must be an object", "bad_data");
}

}  // namespace

Task<Result<boost::json::value>> EventController::send_message(Identity identity, boost::json::value data) {
    const auto* const object = data.if_object();
    if (object == nullptr) {
        co_return not_an_object();
    }
    json::Reader reader(*object);
    SendRequest message;
    message.chat = reader.id<ChatId>("chatId", "ChatId Required");
    message.text = reader.optional_string("text").value_or("");
    message.client_id = reader.optional_string("clientId");
    message.sender = identity.user;
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto sent = co_await service_.send(std::move(message));
    if (!sent) {
        co_return sent.error();
    }
    boost::json::value answer{{"message", message_json(sent->message, 0)}};
    co_return answer;
}

Task<Result<boost::json::value>> EventController::seen(Identity identity, boost::json::value data) {
    const auto* const object = data.if_object();
    if (object == nullptr) {
        co_return not_an_object();
    }
    json::Reader reader(*object);
    const auto chat = reader.id<ChatId>("chatId", "ChatId Required");
    const auto seq = reader.integer("seq", 0, std::numeric_limits<Seq>::max());
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto moved = co_await service_.mark_read(identity.user, chat, seq);
    if (!moved) {
        co_return moved.error();
    }
    boost::json::value answer{{"readSeq", moved->to}, {"unseenCount", moved->unread}};
    co_return answer;
}

}  // namespace ping::chats
