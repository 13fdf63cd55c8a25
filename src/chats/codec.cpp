#include "ping/chats/codec.hpp"

#include "ping/users/codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace ping::chats {
namespace {

boost::json::value preview_json(const std::optional<MessagePreview>& preview) {
    if (!preview) {
        return nullptr;
    }
    return {{"text", preview->text},
            {"sender", preview->sender.to_string()},
            {"createdAt", to_iso8601(preview->created_at)},
            {"messageType", to_string(preview->type)}};
}

boost::json::value chat_json(const ChatView& view) {
    boost::json::array members;
    for (const auto& member : view.chat.members) {
        members.emplace_back(member.to_string());
    }
    return {{"_id", view.chat.id.to_string()},
            {"users", std::move(members)},
            {"latestMessage", preview_json(view.chat.latest)},
            {"createdAt", to_iso8601(view.chat.created_at)},
            {"updatedAt", to_iso8601(view.chat.updated_at)},
            {"unseenCount", view.unread},
            {"lastSeq", view.chat.last_seq},
            {"readSeq", view.mine.read},
            {"peer", {{"readSeq", view.peer.read}, {"deliveredSeq", view.peer.delivered}}},
            {"__v", 0}};
}

}  // namespace

boost::json::value message_json(const Message& message, Seq seen_up_to) {
    const auto created_at = to_iso8601(message.created_at);
    boost::json::object object{{"_id", message.id.to_string()},
                               {"chatId", message.chat.to_string()},
                               {"seq", message.seq},
                               {"sender", message.sender.to_string()}};
    if (!message.text.empty()) {
        object["text"] = message.text;
    }
    object["messageType"] = to_string(message.type);
    if (message.client_id) {
        object["clientId"] = *message.client_id;
    }
    object["seen"] = message.seq <= seen_up_to;
    object["createdAt"] = created_at;
    object["updatedAt"] = created_at;
    object["__v"] = 0;
    return object;
}

boost::json::value row_json(const Row& row) {
    return {
        {"user", row.other_user ? users::user_json(*row.other_user) : users::deleted_user_json(row.other)},
        {"chat", chat_json(row.view)}};
}

}  // namespace ping::chats
