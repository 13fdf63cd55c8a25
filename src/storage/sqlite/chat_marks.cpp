#include "storage/sqlite/chat_marks.hpp"

#include "storage/sqlite/chat_queries.hpp"

#include <algorithm>

namespace ping::storage {
namespace {

using sqlite::Connection;

ReadMove start_move(Connection& connection, UserId reader, ChatId chat, Seq seq, Standing& standing) {
    ReadMove move;
    move.from = standing.mine.read;
    move.to = std::max(move.from, std::min(seq, standing.last_seq));
    move.unread = count_unread(connection, chat, reader, move.to);
    move.members = std::move(standing.members);
    return move;
}

}  // namespace

Result<ReadMove> plan_read(Connection& connection, UserId reader, ChatId chat, Seq seq) {
    auto standing = load_standing(connection, chat, reader);
    if (!standing) {
        return standing.error();
    }
    return start_move(connection, reader, chat, seq, *standing);
}

Result<ReadMove> move_read(Connection& connection, UserId reader, ChatId chat, Seq seq, Time now) {
    auto standing = load_standing(connection, chat, reader);
    if (!standing) {
        return standing.error();
    }
    auto move = start_move(connection, reader, chat, seq, *standing);
    if (move.to == move.from) {
        return move;
    }
    connection
        .prepare(
            "UPDATE members SET read_seq = ?, delivered_seq = max(delivered_seq, ?)"
            " WHERE chat_id = ? AND user_id = ?")
        .bind(move.to)
        .bind(move.to)
        .bind(chat)
        .bind(reader)
        .run();
    // A clock that went back must not have a message seen before it was written.
    insert_read_mark(connection, chat, reader, move.to, std::max(now, standing->updated_at));
    move.seen = load_seen(connection, chat, reader, move.from, move.to);
    return move;
}

Result<DeliveredMove> move_delivered(Connection& connection, UserId member, ChatId chat, Seq seq) {
    auto standing = load_standing(connection, chat, member);
    if (!standing) {
        return standing.error();
    }
    DeliveredMove move;
    move.from = standing->mine.delivered;
    move.to = std::max(move.from, std::min(seq, standing->last_seq));
    move.members = std::move(standing->members);
    if (move.to > move.from) {
        connection.prepare("UPDATE members SET delivered_seq = ? WHERE chat_id = ? AND user_id = ?")
            .bind(move.to)
            .bind(chat)
            .bind(member)
            .run();
    }
    return move;
}

void insert_read_mark(Connection& connection, ChatId chat, UserId reader, Seq seq, Time at) {
    connection.prepare("INSERT INTO read_marks (chat_id, user_id, seq, at) VALUES (?, ?, ?, ?)")
        .bind(chat)
        .bind(reader)
        .bind(seq)
        .bind(at)
        .run();
}

}  // namespace ping::storage
