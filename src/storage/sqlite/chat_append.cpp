#include "storage/sqlite/chat_append.hpp"

#include "storage/sqlite/chat_images.hpp"
#include "storage/sqlite/chat_marks.hpp"
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

/// False when the sender's client id is in the chat already: the index that keeps it unique is the look-up.
bool insert_message(Connection& connection, const Message& message) {
    connection
        .prepare(
            "INSERT INTO messages (chat_id, seq, id, sender, client_id, text, type, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (chat_id, sender, client_id) WHERE client_id IS NOT NULL DO NOTHING")
        .bind(message.chat)
        .bind(message.seq)
        .bind(message.id)
        .bind(message.sender)
        .bind(message.client_id)
        .bind(message.text)
        .bind(to_string(message.type))
        .bind(message.created_at)
        .run();
    return connection.changes() == 1;
}

void move_chat(Connection& connection, const Message& message) {
    connection.prepare("UPDATE chats SET last_seq = ?, updated_at = ? WHERE id = ?")
        .bind(message.seq)
        .bind(message.created_at)
        .bind(message.chat)
        .run();
}

/// Who writes has read what came before. Returns what was thereby read.
std::vector<SeenMessage> move_sender(Connection& connection, const Message& message, Seq read_before) {
    connection.prepare("UPDATE members SET read_seq = ?, delivered_seq = ? WHERE chat_id = ? AND user_id = ?")
        .bind(message.seq)
        .bind(message.seq)
        .bind(message.chat)
        .bind(message.sender)
        .run();
    // Without messages of others in between there is nothing whose "seen at" the mark would tell.
    if (read_before == message.seq - 1) {
        return {};
    }
    insert_read_mark(connection, message.chat, message.sender, message.seq, message.created_at);
    return load_seen(connection, message.chat, message.sender, read_before, message.seq);
}

bool is_same(Connection& connection, const Message& first, const NewMessage& request) {
    const auto digest = request.image ? std::optional(request.image->digest) : std::nullopt;
    return first.text == request.text && first.type == request.type &&
           image_digest(connection, first.chat, first.seq) == digest;
}

Result<AppendedMessage> repeat(Connection& connection, const NewMessage& request, Standing standing) {
    auto first = find_by_client_id(connection, request);
    if (!first) {
        return errors::internal("the message of a known client id is gone");
    }
    if (!is_same(connection, *first, request)) {
        return Error(ErrorCode::unprocessable, "client_id_reused",
                     "This clientId was used for another message");
    }
    const std::span messages(&*first, 1);
    fill_seen(connection, request.chat, request.sender, standing, messages);
    fill_images(connection, request.chat, messages);
    AppendedMessage appended;
    appended.members = std::move(standing.members);
    appended.message = std::move(*first);
    appended.repeated = true;
    return appended;
}

}  // namespace

Result<AppendedMessage> append_message(Connection& connection, const NewMessage& request) {
    auto standing = load_standing(connection, request.chat, request.sender);
    if (!standing) {
        return standing.error();
    }
    AppendedMessage appended;
    Message& message = appended.message;
    message.id = request.id;
    message.chat = request.chat;
    message.seq = standing->last_seq + 1;
    message.sender = request.sender;
    message.client_id = request.client_id;
    message.text = request.text;
    message.type = request.type;
    // The chat's time is its newest message's: a clock that went back must not bring a message before it.
    message.created_at = std::max(request.now, standing->updated_at);
    if (!insert_message(connection, message)) {
        return repeat(connection, request, std::move(*standing));
    }
    if (request.image) {
        if (auto inserted = insert_image(connection, message, *request.image); !inserted) {
            return inserted.error();
        }
        message.image = request.image->image;
    }
    move_chat(connection, message);
    appended.read = move_sender(connection, message, standing->mine.read);
    appended.members = std::move(standing->members);
    return appended;
}

}  // namespace ping::storage
