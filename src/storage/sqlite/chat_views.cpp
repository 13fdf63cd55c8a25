#include "storage/sqlite/chat_views.hpp"

#include "storage/sqlite/chat_queries.hpp"
#include "storage/sqlite/rows.hpp"

#include <algorithm>

namespace ping::storage {
namespace {

using sqlite::Connection;

constexpr std::string_view image_preview = "📷 Image";

/// From the columns from `first` on: text, sender, created_at, type; null where the chat is empty.
std::optional<MessagePreview> read_preview(const sqlite::Statement& row, int first) {
    if (row.is_null(first)) {
        return std::nullopt;
    }
    MessagePreview preview;
    preview.text = row.text(first);
    preview.sender = row.id<UserId>(first + 1);
    preview.created_at = row.time(first + 2);
    preview.type = parse_message_type(row.text(first + 3));
    if (preview.text.empty() && preview.type == MessageType::image) {
        preview.text = image_preview;
    }
    return preview;
}

/// From the columns of the two statements below.
ChatView read_view(const sqlite::Statement& row, UserId reader) {
    ChatView view;
    view.chat.id = row.id<ChatId>(0);
    view.chat.last_seq = row.integer(1);
    view.chat.created_at = row.time(2);
    view.chat.updated_at = row.time(3);
    view.mine = Watermarks{row.integer(4), row.integer(5)};
    const auto other = row.id<UserId>(6);
    view.chat.members = {std::min(reader, other), std::max(reader, other)};
    view.peer = Watermarks{row.integer(7), row.integer(8)};
    view.chat.latest = read_preview(row, 9);
    view.unread = static_cast<int>(row.integer(13));
    return view;
}

}  // namespace

Result<ChatView> load_view(Connection& connection, ChatId chat, UserId reader) {
    if (const auto standing = load_standing(connection, chat, reader); !standing) {
        return standing.error();
    }
    auto query = connection.prepare(
        "SELECT c.id, c.last_seq, c.created_at, c.updated_at, m.read_seq, m.delivered_seq,"
        " p.user_id, p.read_seq, p.delivered_seq, l.text, l.sender, l.created_at, l.type,"
        " (SELECT count(*) FROM (SELECT 1 FROM messages WHERE chat_id = m.chat_id AND seq > m.read_seq"
        " AND sender <> m.user_id LIMIT 100))"
        " FROM members m JOIN chats c ON c.id = m.chat_id"
        " JOIN members p ON p.chat_id = m.chat_id AND p.user_id <> m.user_id"
        " LEFT JOIN messages l ON l.chat_id = c.id AND l.seq = c.last_seq"
        " WHERE m.user_id = ? AND m.chat_id = ?");
    query.bind(reader).bind(chat);
    if (!query.step()) {
        return errors::internal("a chat without another member");
    }
    return read_view(query, reader);
}

// The inner query finds the page by the chats' times alone; the rest is read for the page's chats only.
std::vector<ChatView> load_views(Connection& connection, UserId reader, const ChatPage& page) {
    auto query = connection.prepare(
        "SELECT c.id, c.last_seq, c.created_at, c.updated_at, m.read_seq, m.delivered_seq,"
        " p.user_id, p.read_seq, p.delivered_seq, l.text, l.sender, l.created_at, l.type,"
        " (SELECT count(*) FROM (SELECT 1 FROM messages WHERE chat_id = m.chat_id AND seq > m.read_seq"
        " AND sender <> m.user_id LIMIT 100))"
        " FROM members m JOIN chats c ON c.id = m.chat_id"
        " JOIN members p ON p.chat_id = m.chat_id AND p.user_id <> m.user_id"
        " LEFT JOIN messages l ON l.chat_id = c.id AND l.seq = c.last_seq"
        " WHERE m.user_id = ? AND m.chat_id IN ("
        "SELECT ci.id FROM members mi JOIN chats ci ON ci.id = mi.chat_id"
        " WHERE mi.user_id = ? AND (ci.updated_at, ci.id) < (?, ?)"
        " ORDER BY ci.updated_at DESC, ci.id DESC LIMIT ?)"
        " ORDER BY c.updated_at DESC, c.id DESC");
    query.bind(reader).bind(reader);
    query.bind(page.before_time.value_or(Time::max())).bind(page.before_id).bind(page.limit);
    return query.collect([reader](const sqlite::Statement& row) { return read_view(row, reader); });
}

}  // namespace ping::storage
