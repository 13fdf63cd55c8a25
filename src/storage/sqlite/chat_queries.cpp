#include "storage/sqlite/chat_queries.hpp"

#include "storage/sqlite/rows.hpp"

namespace ping::storage {
namespace {

using sqlite::Connection;

constexpr std::string_view image_preview = "📷 Image";

std::optional<MessagePreview> load_preview(Connection& connection, ChatId chat, Seq last_seq) {
    auto query = connection.prepare(
        "SELECT text, sender, created_at, type FROM messages WHERE chat_id = ? AND seq = ?");
    query.bind(chat).bind(last_seq);
    if (!query.step()) {
        return std::nullopt;
    }
    MessagePreview preview;
    preview.text = query.text(0);
    preview.sender = query.id<UserId>(1);
    preview.created_at = query.time(2);
    preview.type = parse_message_type(query.text(3));
    if (preview.text.empty() && preview.type == MessageType::image) {
        preview.text = image_preview;
    }
    return preview;
}

}  // namespace

Result<Membership> load_membership(Connection& connection, ChatId chat, UserId person) {
    auto query = connection.prepare(
        "SELECT c.last_seq, c.created_at, c.updated_at, m.read_seq, m.delivered_seq FROM chats c"
        " LEFT JOIN members m ON m.chat_id = c.id AND m.user_id = ? WHERE c.id = ?");
    query.bind(person).bind(chat);
    if (!query.step()) {
        return errors::not_found("Chat not found");
    }
    if (query.is_null(3)) {
        return errors::forbidden("You are not a participant of this chat");
    }
    Membership membership;
    membership.last_seq = query.integer(0);
    membership.created_at = query.time(1);
    membership.updated_at = query.time(2);
    membership.mine = Watermarks{query.integer(3), query.integer(4)};
    return membership;
}

Members load_members(Connection& connection, ChatId chat, UserId reader) {
    auto query = connection.prepare(
        "SELECT user_id, read_seq, delivered_seq FROM members WHERE chat_id = ? ORDER BY user_id");
    query.bind(chat);
    Members members;
    while (query.step()) {
        members.ids.push_back(query.id<UserId>(0));
        if (members.ids.back() != reader) {
            members.peer = Watermarks{query.integer(1), query.integer(2)};
        }
    }
    return members;
}

Result<ChatView> load_view(Connection& connection, ChatId chat, UserId reader) {
    const auto membership = load_membership(connection, chat, reader);
    if (!membership) {
        return membership.error();
    }
    auto members = load_members(connection, chat, reader);
    ChatView view;
    view.chat.id = chat;
    view.chat.members = std::move(members.ids);
    view.chat.last_seq = membership->last_seq;
    view.chat.latest = load_preview(connection, chat, membership->last_seq);
    view.chat.created_at = membership->created_at;
    view.chat.updated_at = membership->updated_at;
    view.mine = membership->mine;
    view.peer = members.peer;
    view.unread = count_unread(connection, chat, reader, membership->mine.read);
    return view;
}

int count_unread(Connection& connection, ChatId chat, UserId reader, Seq read) {
    auto query = connection.prepare(
        "SELECT count(*) FROM (SELECT 1 FROM messages WHERE chat_id = ? AND seq > ? AND sender <> ? LIMIT "
        "100)");
    query.bind(chat).bind(read).bind(reader);
    return query.step() ? static_cast<int>(query.integer(0)) : 0;
}

std::vector<Message> read_messages(sqlite::Statement& query, ChatId chat) {
    std::vector<Message> messages;
    while (query.step()) {
        messages.push_back(read_message(query, chat));
    }
    return messages;
}

}  // namespace ping::storage
