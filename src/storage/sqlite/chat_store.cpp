#include "ping/storage/sqlite/chat_store.hpp"

#include "storage/sqlite/chat_append.hpp"
#include "storage/sqlite/chat_queries.hpp"

#include <algorithm>
#include <limits>

namespace ping::storage {
namespace {

using sqlite::Connection;

constexpr Seq no_bound = std::numeric_limits<Seq>::max();

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

std::vector<ChatId> list_ids(Connection& connection, UserId reader, const ChatPage& page) {
    auto query = connection.prepare(
        "SELECT c.id FROM members m JOIN chats c ON c.id = m.chat_id"
        " WHERE m.user_id = ? AND (c.updated_at, c.id) < (?, ?)"
        " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?");
    query.bind(reader).bind(page.before_time.value_or(Time::max())).bind(page.before_id).bind(page.limit);
    std::vector<ChatId> ids;
    while (query.step()) {
        ids.push_back(query.id<ChatId>(0));
    }
    return ids;
}

/// One more than the limit, in the direction of the query.
std::vector<Message> load_page(Connection& connection, const HistoryQuery& request) {
    const Seq before = request.before.value_or(no_bound);
    if (request.after) {
        auto query = connection.prepare(
            "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
            " WHERE chat_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?");
        query.bind(request.chat).bind(*request.after).bind(before).bind(request.limit + 1);
        return read_messages(query, request.chat);
    }
    auto query = connection.prepare(
        "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
        " WHERE chat_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
    query.bind(request.chat).bind(before).bind(request.limit + 1);
    return read_messages(query, request.chat);
}

Result<History> load_history(Connection& connection, const HistoryQuery& request) {
    const auto membership = load_membership(connection, request.chat, request.reader);
    if (!membership) {
        return membership.error();
    }
    History history;
    history.messages = load_page(connection, request);
    history.has_more = history.messages.size() > static_cast<std::size_t>(request.limit);
    if (history.has_more) {
        history.messages.pop_back();
    }
    if (!request.after) {
        std::ranges::reverse(history.messages);
    }
    auto members = load_members(connection, request.chat, request.reader);
    history.members = std::move(members.ids);
    history.peer = members.peer;
    history.mine = membership->mine;
    history.last_seq = membership->last_seq;
    return history;
}

void store_read(Connection& connection, UserId reader, ChatId chat, Seq seq, Time now) {
    connection
        .prepare(
            "UPDATE members SET read_seq = ?, delivered_seq = max(delivered_seq, ?)"
            " WHERE chat_id = ? AND user_id = ?")
        .bind(seq)
        .bind(seq)
        .bind(chat)
        .bind(reader)
        .run();
    connection.prepare("INSERT INTO read_marks (chat_id, user_id, seq, at) VALUES (?, ?, ?, ?)")
        .bind(chat)
        .bind(reader)
        .bind(seq)
        .bind(now)
        .run();
}

std::vector<Message> load_seen(Connection& connection, UserId reader, ChatId chat, Seq from, Seq to) {
    auto query = connection.prepare(
        "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
        " WHERE chat_id = ? AND seq > ? AND seq <= ? AND sender <> ? ORDER BY seq DESC LIMIT 1000");
    query.bind(chat).bind(from).bind(to).bind(reader);
    auto messages = read_messages(query, chat);
    std::ranges::reverse(messages);
    return messages;
}

Result<ReadMove> move_read(Connection& connection, UserId reader, ChatId chat, Seq seq, Time now) {
    const auto membership = load_membership(connection, chat, reader);
    if (!membership) {
        return membership.error();
    }
    ReadMove move;
    move.from = membership->mine.read;
    move.to = std::max(move.from, std::min(seq, membership->last_seq));
    if (move.to > move.from) {
        store_read(connection, reader, chat, move.to, now);
        move.seen = load_seen(connection, reader, chat, move.from, move.to);
    }
    move.unread = count_unread(connection, chat, reader, move.to);
    move.members = load_members(connection, chat, reader).ids;
    return move;
}

}  // namespace

Task<Result<DirectChat>> SqliteChatStore::create_direct(NewDirectChat request) {
    return database_.write<DirectChat>([=](Connection& connection) { return create(connection, request); });
}

Task<Result<std::vector<ChatView>>> SqliteChatStore::list(UserId reader, ChatPage page) {
    using Views = std::vector<ChatView>;
    return database_.read<Views>([=](Connection& connection) -> Result<Views> {
        Views views;
        for (const auto& chat : list_ids(connection, reader, page)) {
            auto view = load_view(connection, chat, reader);
            if (!view) {
                return view.error();
            }
            views.push_back(std::move(*view));
        }
        return views;
    });
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
    return database_.write<ReadMove>(
        [=](Connection& connection) { return move_read(connection, reader, chat, seq, now); });
}

}  // namespace ping::storage
