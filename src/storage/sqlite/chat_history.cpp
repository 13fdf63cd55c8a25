#include "storage/sqlite/chat_history.hpp"

#include "storage/sqlite/chat_images.hpp"
#include "storage/sqlite/chat_queries.hpp"
#include "storage/sqlite/rows.hpp"

#include <algorithm>
#include <limits>

namespace ping::storage {
namespace {

using sqlite::Connection;

constexpr Seq no_bound = std::numeric_limits<Seq>::max();

std::vector<Message> read_all(sqlite::Statement& query, ChatId chat) {
    return query.collect([chat](const sqlite::Statement& row) { return read_message(row, chat); });
}

/// One more than the limit, in the direction of the query.
std::vector<Message> load_page(Connection& connection, const HistoryQuery& request) {
    const Seq before = request.before.value_or(no_bound);
    if (request.after) {
        auto query = connection.prepare(
            "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
            " WHERE chat_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?");
        query.bind(request.chat).bind(*request.after).bind(before).bind(request.limit + 1);
        return read_all(query, request.chat);
    }
    auto query = connection.prepare(
        "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
        " WHERE chat_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
    query.bind(request.chat).bind(before).bind(request.limit + 1);
    return read_all(query, request.chat);
}

}  // namespace

Result<History> load_history(Connection& connection, const HistoryQuery& request) {
    auto standing = load_standing(connection, request.chat, request.reader);
    if (!standing) {
        return standing.error();
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
    fill_seen(connection, request.chat, request.reader, *standing, history.messages);
    fill_images(connection, request.chat, history.messages);
    history.members = std::move(standing->members);
    history.peer = standing->peer;
    history.mine = standing->mine;
    history.last_seq = standing->last_seq;
    return history;
}

}  // namespace ping::storage
