#include "ping/storage/sqlite/chat_store.hpp"

#include "storage/sqlite/chat_append.hpp"
#include "storage/sqlite/chat_history.hpp"
#include "storage/sqlite/chat_marks.hpp"
#include "storage/sqlite/chat_resume.hpp"
#include "storage/sqlite/chat_views.hpp"

#include <algorithm>

namespace ping::storage {
namespace {

using sqlite::Connection;

bool user_exists(Connection& connection, UserId id) {
    auto query = connection.prepare("SELECT 1 FROM users WHERE id = ?");
    query.bind(id);
    return query.step();
}

std::optional<ChatId> find_direct(Connection& connection, UserId low, UserId high) {
    auto query = connection.prepare(
        "SELECT id FROM chats WHERE kind = 'direct' AND direct_low = ? AND direct_high = ?");
    query.bind(low).bind(high);
    return query.step() ? std::optional(query.id<ChatId>(0)) : std::nullopt;
}

void insert_direct(Connection& connection, const NewDirectChat& request, UserId low, UserId high) {
    connection
        .prepare(
            "INSERT INTO chats (id, kind, direct_low, direct_high, created_at, updated_at)"
            " VALUES (?, 'direct', ?, ?, ?, ?)")
        .bind(request.fresh)
        .bind(low)
        .bind(high)
        .bind(request.now)
        .bind(request.now)
        .run();
    for (const auto& member : {low, high}) {
        connection.prepare("INSERT INTO members (chat_id, user_id) VALUES (?, ?)")
            .bind(request.fresh)
            .bind(member)
            .run();
    }
}

Result<DirectChat> create(Connection& connection, const NewDirectChat& request) {
    if (request.a == request.b) {
        return errors::invalid("A chat needs two people", "self_chat");
    }
    if (!user_exists(connection, request.a) || !user_exists(connection, request.b)) {
        return errors::not_found("User not found");
    }
    const auto [low, high] = std::minmax({request.a, request.b});
    if (const auto known = find_direct(connection, low, high)) {
        return DirectChat{*known, false};
    }
    insert_direct(connection, request, low, high);
    return DirectChat{request.fresh, true};
}

UserId read_user_id(const sqlite::Statement& row) {
    return row.id<UserId>(0);
}

std::vector<UserId> list_members(Connection& connection, ChatId chat) {
    auto query = connection.prepare("SELECT user_id FROM members WHERE chat_id = ? ORDER BY user_id");
    query.bind(chat);
    return query.collect(read_user_id);
}

/// A direct chat is the pair's only one, so nobody comes twice.
std::vector<UserId> list_contacts(Connection& connection, UserId person, int limit) {
    auto query = connection.prepare(
        "SELECT other.user_id FROM members mine JOIN members other ON other.chat_id = mine.chat_id"
        " WHERE mine.user_id = ? AND other.user_id <> mine.user_id ORDER BY mine.chat_id DESC LIMIT ?");
    query.bind(person).bind(limit);
    return query.collect(read_user_id);
}

}  // namespace

Task<Result<DirectChat>> SqliteChatStore::create_direct(NewDirectChat request) {
    return database_.write<DirectChat>([=](Connection& connection) { return create(connection, request); });
}

Task<Result<std::vector<ChatView>>> SqliteChatStore::list(UserId reader, ChatPage page) {
    using Views = std::vector<ChatView>;
    return database_.read<Views>(
        [=](Connection& connection) -> Result<Views> { return load_views(connection, reader, page); });
}

Task<Result<ChatView>> SqliteChatStore::get(UserId reader, ChatId chat) {
    return database_.read<ChatView>(
        [=](Connection& connection) { return load_view(connection, chat, reader); });
}

Task<Result<AppendedMessage>> SqliteChatStore::append(NewMessage message) {
    return database_.write<AppendedMessage>([request = std::move(message)](Connection& connection) {
        return append_message(connection, request);
    });
}

Task<Result<History>> SqliteChatStore::history(HistoryQuery query) {
    return database_.read<History>([=](Connection& connection) { return load_history(connection, query); });
}

Task<Result<ReadMove>> SqliteChatStore::mark_read(UserId reader, ChatId chat, Seq seq, Time now) {
    const auto plan = [=](Connection& connection) { return plan_read(connection, reader, chat, seq); };
    auto planned = co_await database_.read<ReadMove>(plan);
    if (!planned || planned->to == planned->from) {
        co_return planned;
    }
    const auto move = [=](Connection& connection) { return move_read(connection, reader, chat, seq, now); };
    auto moved = co_await database_.write<ReadMove>(move);
    co_return moved;
}

Task<Result<DeliveredMove>> SqliteChatStore::mark_delivered(UserId member, ChatId chat, Seq seq) {
    return database_.write<DeliveredMove>(
        [=](Connection& connection) { return move_delivered(connection, member, chat, seq); });
}

Task<Result<Resumed>> SqliteChatStore::resume(ResumeQuery query) {
    return database_.read<Resumed>([query = std::move(query)](Connection& connection) -> Result<Resumed> {
        return load_resumed(connection, query);
    });
}

Task<Result<std::vector<UserId>>> SqliteChatStore::members(ChatId chat) {
    using People = std::vector<UserId>;
    return database_.read<People>([=](Connection& connection) -> Result<People> {
        auto people = list_members(connection, chat);
        if (people.empty()) {
            return errors::not_found("Chat not found");
        }
        return people;
    });
}

Task<Result<std::vector<UserId>>> SqliteChatStore::contacts(UserId person, int limit) {
    using People = std::vector<UserId>;
    return database_.read<People>(
        [=](Connection& connection) -> Result<People> { return list_contacts(connection, person, limit); });
}

}  // namespace ping::storage
