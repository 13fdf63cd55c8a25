#include "storage/sqlite/chat_queries.hpp"

#include <algorithm>

namespace ping::storage {
namespace {

using sqlite::Connection;

/// Of the messages that `reader` did not write. The time is that of the first mark at or behind a message.
void fill_seen_by(Connection& connection, ChatId chat, UserId reader, Seq read, std::span<Message> messages) {
    const auto is_seen = [&](const Message& message) {
        return message.sender != reader && message.seq <= read;
    };
    const auto first = std::ranges::find_if(messages, is_seen);
    if (first == messages.end()) {
        return;
    }
    auto marks = connection.prepare(
        "SELECT seq, at FROM read_marks WHERE chat_id = ? AND user_id = ? AND seq >= ? ORDER BY seq");
    marks.bind(chat).bind(reader).bind(first->seq);
    bool has_mark = marks.step();
    for (auto& message : std::span(first, messages.end())) {
        if (!is_seen(message)) {
            continue;
        }
        while (has_mark && marks.integer(0) < message.seq) {
            has_mark = marks.step();
        }
        message.seen = true;
        if (has_mark) {
            message.seen_at = marks.time(1);
        }
    }
}

}  // namespace

Result<Standing> load_standing(Connection& connection, ChatId chat, UserId person) {
    auto query = connection.prepare(
        "SELECT m.user_id, m.read_seq, m.delivered_seq, c.last_seq, c.updated_at FROM chats c"
        " JOIN members m ON m.chat_id = c.id WHERE c.id = ? ORDER BY m.user_id");
    query.bind(chat);
    Standing standing;
    bool is_member = false;
    while (query.step()) {
        const auto member = query.id<UserId>(0);
        const Watermarks marks{query.integer(1), query.integer(2)};
        if (member == person) {
            is_member = true;
            standing.mine = marks;
        } else {
            standing.other = member;
            standing.peer = marks;
        }
        standing.members.push_back(member);
        standing.last_seq = query.integer(3);
        standing.updated_at = query.time(4);
    }
    if (standing.members.empty()) {
        return errors::not_found("Chat not found");
    }
    if (!is_member) {
        return errors::forbidden("You are not a participant of this chat");
    }
    return standing;
}

void fill_seen(Connection& connection, ChatId chat, UserId reader, const Standing& standing,
               std::span<Message> messages) {
    fill_seen_by(connection, chat, reader, standing.mine.read, messages);
    fill_seen_by(connection, chat, standing.other, standing.peer.read, messages);
}

int count_unread(Connection& connection, ChatId chat, UserId reader, Seq read) {
    auto query = connection.prepare(
        "SELECT count(*) FROM (SELECT 1 FROM messages WHERE chat_id = ? AND seq > ? AND sender <> ? LIMIT "
        "100)");
    query.bind(chat).bind(read).bind(reader);
    return query.step() ? static_cast<int>(query.integer(0)) : 0;
}

std::vector<SeenMessage> load_seen(Connection& connection, ChatId chat, UserId reader, Seq from, Seq to) {
    auto query = connection.prepare(
        "SELECT id, seq, sender FROM messages"
        " WHERE chat_id = ? AND seq > ? AND seq <= ? AND sender <> ? ORDER BY seq DESC LIMIT 1000");
    query.bind(chat).bind(from).bind(to).bind(reader);
    auto refs = query.collect([](const sqlite::Statement& row) {
        return SeenMessage{row.id<MessageId>(0), row.integer(1), row.id<UserId>(2)};
    });
    std::ranges::reverse(refs);
    return refs;
}

}  // namespace ping::storage
