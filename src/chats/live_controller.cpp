#include "ping/chats/live_controller.hpp"

#include "ping/core/json.hpp"

namespace ping::chats {
namespace {

/// The chat as the family's clients name it in joinChat: by its bare id.
Result<ChatId> read_bare_id(const boost::json::value& data) {
    const auto* const text = data.if_string();
    const auto chat = text == nullptr ? std::nullopt : ChatId::parse(std::string_view(*text));
    if (!chat) {
        return errors::invalid("data must be a chat's id of 24 hex digits", "bad_data");
    }
    return *chat;
}

Result<ChatId> read_chat_id(const boost::json::value& data) {
    const auto* const object = data.if_object();
    if (object == nullptr) {
        return errors::invalid("data must be an object", "bad_data");
    }
    json::Reader reader(*object);
    const auto chat = reader.id<ChatId>("chatId", "ChatId Required");
    if (auto checked = reader.finish(); !checked) {
        return checked.error();
    }
    return chat;
}

Result<bool> read_visible(const boost::json::value& data) {
    const auto* const object = data.if_object();
    const auto* const visible = object == nullptr ? nullptr : object->if_contains("visible");
    if (visible == nullptr || !visible->is_bool()) {
        return errors::invalid("visible must be true or false", "bad_data");
    }
    return visible->get_bool();
}

boost::json::value acknowledgement(ChatId chat) {
    return {{"chatId", chat.to_string()}};
}

}  // namespace

Task<Result<boost::json::value>> LiveController::join_chat(realtime::Caller caller, boost::json::value data) {
    const auto chat = read_bare_id(data);
    if (!chat) {
        co_return chat.error();
    }
    const auto joined = co_await live_.join(caller, *chat);
    if (!joined) {
        co_return joined.error();
    }
    co_return acknowledgement(*chat);
}

Task<Result<boost::json::value>> LiveController::leave_chat(realtime::Caller caller,
                                                            boost::json::value data) {
    const auto chat = read_bare_id(data);
    if (!chat) {
        co_return chat.error();
    }
    live_.leave(caller, *chat);
    co_return acknowledgement(*chat);
}

Task<Result<boost::json::value>> LiveController::visibility(realtime::Caller caller,
                                                            boost::json::value data) {
    const auto is_visible = read_visible(data);
    if (!is_visible) {
        co_return is_visible.error();
    }
    live_.set_visible(caller, *is_visible);
    boost::json::value answer{{"visible", *is_visible}};
    co_return answer;
}

Task<Result<boost::json::value>> LiveController::typing(realtime::Caller caller, boost::json::value data) {
    const auto chat = read_chat_id(data);
    if (!chat) {
        co_return chat.error();
    }
    const auto told = co_await live_.type(caller, *chat);
    if (!told) {
        co_return told.error();
    }
    co_return acknowledgement(*chat);
}

Task<Result<boost::json::value>> LiveController::stop_typing(realtime::Caller caller,
                                                             boost::json::value data) {
    const auto chat = read_chat_id(data);
    if (!chat) {
        co_return chat.error();
    }
    live_.stop_typing(caller, *chat);
    co_return acknowledgement(*chat);
}

}  // namespace ping::chats
