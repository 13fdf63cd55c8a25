#include "storage/sqlite/chat_resume.hpp"

#include "storage/sqlite/chat_images.hpp"
#include "storage/sqlite/chat_queries.hpp"
#include "storage/sqlite/chat_views.hpp"
#include "storage/sqlite/rows.hpp"

#include <algorithm>
#include <set>

namespace ping::storage {
namespace {

using sqlite::Connection;

// An image in JSON, most of it two URLs.
constexpr std::size_t image_bytes = 512;

/// What may still go into the answer.
struct Budget {
    Seq messages;
    std::size_t text_bytes;
};

/// All messages after `last_seq`, taken off the budget. Nothing when it does not suffice: then the budget
/// stays.
std::optional<std::vector<Message>> load_missed(Connection& connection, const ResumePoint& point,
                                                Budget& budget) {
    auto query = connection.prepare(
        "SELECT id, seq, sender, client_id, text, type, created_at FROM messages"
        " WHERE chat_id = ? AND seq > ? ORDER BY seq");
    query.bind(point.chat).bind(point.last_seq);
    std::vector<Message> messages;
    std::size_t bytes = 0;
    while (query.step()) {
        messages.push_back(read_message(query, point.chat));
        bytes += messages.back().text.size() + (messages.back().type == MessageType::image ? image_bytes : 0);
        if (bytes > budget.text_bytes) {
            return std::nullopt;
        }
    }
    budget.text_bytes -= bytes;
    budget.messages -= static_cast<Seq>(messages.size());
    return messages;
}

ResumedChat make_resync(Connection& connection, ChatId chat, UserId reader) {
    ResumedChat resumed;
    resumed.chat = chat;
    resumed.resync = true;
    if (auto view = load_view(connection, chat, reader)) {
        resumed.view = std::move(*view);
    }
    return resumed;
}

ResumedChat load_chat(Connection& connection, const ResumeQuery& request, const ResumePoint& point,
                      Budget& budget) {
    const auto standing = load_standing(connection, point.chat, request.reader);
    const Seq missed = standing ? standing->last_seq - point.last_seq : -1;
    if (missed < 0 || missed > request.missed_per_chat || missed > budget.messages) {
        return make_resync(connection, point.chat, request.reader);
    }
    ResumedChat resumed;
    resumed.chat = point.chat;
    resumed.mine = standing->mine;
    resumed.peer = standing->peer;
    if (missed > 0) {
        auto messages = load_missed(connection, point, budget);
        if (!messages) {
            return make_resync(connection, point.chat, request.reader);
        }
        resumed.messages = std::move(*messages);
        fill_seen(connection, point.chat, request.reader, *standing, resumed.messages);
        fill_images(connection, point.chat, resumed.messages);
    }
    if (standing->mine.read < standing->last_seq) {
        resumed.unread = count_unread(connection, point.chat, request.reader, standing->mine.read);
    }
    return resumed;
}

/// The time of the oldest message among those that the client names as its last ones, of its own chats.
Time oldest_named(Connection& connection, const ResumeQuery& request, const Resumed& resumed) {
    Time oldest = Time::max();
    for (std::size_t i = 0; i < request.points.size(); ++i) {
        if (resumed.chats[i].resync && !resumed.chats[i].view) {
            continue;
        }
        auto query = connection.prepare("SELECT created_at FROM messages WHERE chat_id = ? AND seq = ?");
        query.bind(request.points[i].chat).bind(request.points[i].last_seq);
        if (query.step()) {
            oldest = std::min(oldest, query.time(0));
        }
    }
    return oldest == Time::max() ? Time() : oldest;
}

std::vector<ChatId> list_newest(Connection& connection, UserId reader, Time since, std::size_t limit) {
    auto query = connection.prepare(
        "SELECT c.id FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ? AND c.updated_at >= "
        "?"
        " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?");
    query.bind(reader).bind(since).bind(static_cast<std::int64_t>(limit));
    return query.collect([](const sqlite::Statement& row) { return row.id<ChatId>(0); });
}

void add_others(Connection& connection, const ResumeQuery& request, Resumed& resumed) {
    std::set<ChatId> named;
    for (const auto& point : request.points) {
        named.insert(point.chat);
    }
    const Time since = request.is_cut ? oldest_named(connection, request, resumed) : Time();
    const auto most = static_cast<std::size_t>(request.others);
    for (const auto& chat : list_newest(connection, request.reader, since, named.size() + most + 1)) {
        if (named.contains(chat)) {
            continue;
        }
        if (resumed.others.size() == most) {
            resumed.has_more = true;
            return;
        }
        if (auto view = load_view(connection, chat, request.reader)) {
            resumed.others.push_back(std::move(*view));
        }
    }
}

}  // namespace

Resumed load_resumed(Connection& connection, const ResumeQuery& request) {
    Budget budget{request.missed, request.text_bytes};
    Resumed resumed;
    for (const auto& point : request.points) {
        resumed.chats.push_back(load_chat(connection, request, point, budget));
    }
    add_others(connection, request, resumed);
    return resumed;
}

}  // namespace ping::storage
