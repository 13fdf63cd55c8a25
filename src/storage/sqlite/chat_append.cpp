#include "storage/sqlite/chat_append.hpp"

#include "storage/sqlite/chat_queries.hpp"
#include "storage/sqlite/rows.hpp"

#include <algorithm>

namespace ping::storage {
namespace {

using sqlite::Connection;

std::optional<Message> find_by_client_id(Connection& connection, const NewMessage& request) {
    auto query = connection.prepare(
        "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
        " WHERE chat_id = ? AND sender = ? AND client_id = ?");
    query.bind(request.chat).bind(request.sender).bind(request.client_id);
    return query.step() ? std::optional(read_message(query, request.chat)) : std::nullopt;
}

void insert_message(Connection& connection, const Message& message) {
    connection
        .prepare(
            "INSERT INTO messages (chat_id, seq, id, sender, client_id, text, type, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(message.chat)
        .bind(message.seq)
        .bind(message.id)
        .bind(message.sender)
        .bind(message.client_id)
        .bind(message.text)
        .bind(to_string(message.type))
        .bind(message.created_at)
        .run();
}

void move_chat(Connection& connection, const Message& message) {
    connection.prepare("UPDATE chats SET last_seq = ?, updated_at = ? WHERE id = ?")
        .bind(message.seq)
        .bind(message.created_at)
        .bind(message.chat)
        .run();
}

/// Who writes has read what came before.
void move_sender(Connection& connection, const Message& message, Seq read_before) {
    connection.prepare("UPDATE members SET read_seq = ?, delivered_seq = ? WHERE chat_id = ? AND user_id = ?")
        .bind(message.seq)
        .bind(message.seq)
        .bind(message.chat)
        .bind(message.sender)
        .run();
    // Without messages of others in between there is nothing whose "seen at" the mark would tell.
    if (read_before < message.seq - 1) {
        connection.prepare("INSERT INTO read_marks (chat_id, user_id, seq, at) VALUES (?, ?, ?, ?)")
            .bind(message.chat)
            .bind(message.sender)
            .bind(message.seq)
            .bind(message.created_at)
            .run();
    }
}

Result<AppendedMessage> repeat(Connection& connection, Message first, const NewMessage& request) {
    if (first.text != request.text || first.type != request.type) {
        return Error(ErrorCode::unprocessable, "client_id_reused",
                     "This clientId was used for another message");
    }
    AppendedMessage appended;
    appended.members = load_members(connection, request.chat, request.sender).ids;
    appended.message = std::move(first);
    appended.repeated = true;
    return appended;
}

}  // namespace

Result<AppendedMessage> append_message(Connection& connection, const NewMessage& request) {
    const auto membership = load_membership(connection, request.chat, request.sender);
    if (!membership) {
        return membership.error();
    }
    if (request.client_id) {
        if (auto first = find_by_client_id(connection, request)) {
            return repeat(connection, std::move(*first), request);
        }
    }
    AppendedMessage appended;
    Message& message = appended.message;
    message.id = request.id;
    message.chat = request.chat;
    message.seq = membership->last_seq + 1;
    message.sender = request.sender;
    message.client_id = request.client_id;
    message.text = request.text;
    message.type = request.type;
    // The chat's time is its newest message's: a clock that went back must not bring a message before it.
    message.created_at = std::max(request.now, membership->updated_at);
    insert_message(connection, message);
    move_chat(connection, message);
    move_sender(connection, message, membership->mine.read);
    appended.members = load_members(connection, request.chat, request.sender).ids;
    return appended;
}

}  // namespace ping::storage
