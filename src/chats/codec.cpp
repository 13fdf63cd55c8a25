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

boost::json::value image_json(const Image& image) {
    return {{"url", image.url},
            {"thumbUrl", image.thumb_url},
            {"publicId", image.public_id},
            {"width", image.width},
            {"height", image.height}};
}

template <class Id>
std::optional<Id> read_id(const boost::json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    const auto* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::nullopt : Id::parse(std::string_view(*text));
}

}  // namespace

boost::json::value message_json(const Message& message) {
    const auto created_at = to_iso8601(message.created_at);
    boost::json::object object{{"_id", message.id.to_string()},
                               {"chatId", message.chat.to_string()},
                               {"seq", message.seq},
                               {"sender", message.sender.to_string()}};
    if (!message.text.empty()) {
        object["text"] = message.text;
    }
    if (message.image) {
        object["image"] = image_json(*message.image);
    }
    object["messageType"] = to_string(message.type);
    if (message.client_id) {
        object["clientId"] = *message.client_id;
    }
    object["seen"] = message.seen;
    if (message.seen_at) {
        object["seenAt"] = to_iso8601(*message.seen_at);
    }
    object["createdAt"] = created_at;
    object["updatedAt"] = created_at;
    object["__v"] = 0;
    return object;
}

std::optional<realtime::MessagePlace> read_message_place(const boost::json::value& message) {
    const auto* const object = message.if_object();
    if (object == nullptr) {
        return std::nullopt;
    }
    const auto chat = read_id<ChatId>(*object, "chatId");
    const auto sender = read_id<UserId>(*object, "sender");
    const auto* const seq = object->if_contains("seq");
    if (!chat || !sender || seq == nullptr || !seq->is_int64()) {
        return std::nullopt;
    }
    return realtime::MessagePlace{*chat, *sender, seq->get_int64()};
}

std::optional<UserId> read_row_user(const boost::json::value& row) {
    const auto* const object = row.if_object();
    const auto* const user = object == nullptr ? nullptr : object->if_contains("user");
    const auto* const person = user == nullptr ? nullptr : user->if_object();
    return person == nullptr ? std::nullopt : read_id<UserId>(*person, "_id");
}

boost::json::value row_json(const Row& row) {
    return {{"user", row.other_user ? users::user_json(*row.other_user, users::ShowLastSeen::yes)
                                    : users::deleted_user_json(row.other)},
            {"chat", chat_json(row.view)}};
}

}  // namespace ping::chats
