#include "ping/chats/controller.hpp"

#include "ping/chats/codec.hpp"
#include "ping/core/json.hpp"
#include "ping/core/log.hpp"
#include "ping/http/query.hpp"
#include "ping/users/codec.hpp"

#include <boost/json/array.hpp>

#include <limits>

namespace ping::chats {
namespace {

constexpr int default_chats = 1000;
constexpr int newest_messages = 1000;  // the family's clients open a chat so
constexpr int default_messages = 50;   // of a page before or after a message
constexpr int largest_limit = 200;
constexpr Seq largest_seq = std::numeric_limits<Seq>::max();

/// Chats are paged by `<milliseconds>-<id>` of the last one shown.
std::string encode_cursor(const Chat& chat) {
    return std::to_string(to_millis(chat.updated_at)) + "-" + chat.id.to_string();
}

/// The store takes no writes for now, such as with a full disk. Reads go on then.
bool is_for_later(ErrorCode code) {
    return code == ErrorCode::storage_full || code == ErrorCode::unavailable || code == ErrorCode::timeout;
}

Result<storage::ChatPage> read_chat_page(const http::Request& request) {
    storage::ChatPage page;
    const auto limit = http::query_integer(request, "limit", 1, largest_limit);
    if (!limit) {
        return limit.error();
    }
    page.limit = static_cast<int>(limit->value_or(default_chats));
    const auto before = request.query("before");
    if (!before) {
        return page;
    }
    const auto dash = before->find('-');
    const auto digits = before->substr(0, dash);
    const auto id = dash == std::string::npos ? std::nullopt : ChatId::parse(before->substr(dash + 1));
    constexpr std::size_t most_digits = 15;
    if (!id || digits.empty() || digits.size() > most_digits ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
        return errors::invalid("The parameter 'before' is not one that we gave out", "bad_cursor");
    }
    page.before_time = from_millis(std::stoll(digits));
    page.before_id = *id;
    return page;
}

Result<storage::HistoryQuery> read_history_query(const http::Request& request) {
    storage::HistoryQuery query;
    const auto chat = http::path_id<ChatId>(request, "chatId");
    const auto before = http::query_integer(request, "before", 0, largest_seq);
    const auto after = http::query_integer(request, "after", 0, largest_seq);
    const auto limit = http::query_integer(request, "limit", 1, largest_limit);
    if (!chat) {
        return chat.error();
    }
    for (const auto* const number : {&before, &after, &limit}) {
        if (!*number) {
            return number->error();
        }
    }
    if (*before && *after) {
        return errors::invalid("Give 'before' or 'after', not both", "bad_parameter");
    }
    query.chat = *chat;
    query.reader = request.identity->user;
    query.before = *before;
    query.after = *after;
    query.limit = static_cast<int>(limit->value_or(*before || *after ? default_messages : newest_messages));
    return query;
}

/// Opening a chat reads it, as the family's clients expect. Not by HEAD, and not by a request that any site's
/// page can cause (`Request::is_forgeable`): POST /chat/:chatId/seen is there for those who have a cookie
/// only.
bool marks_seen(const http::Request& request, const HistoryPage& page) {
    return request.method == http::Method::get && !request.is_forgeable &&
           request.query("markSeen") != "false" && !page.messages.empty() &&
           page.messages.back().seq > page.my_read;
}

boost::json::value history_json(const HistoryPage& page) {
    boost::json::array messages;
    messages.reserve(page.messages.size());
    for (const auto& message : page.messages) {
        messages.push_back(message_json(message));
    }
    return {{"messages", std::move(messages)},
            {"user", page.other_user ? users::user_json(*page.other_user, users::ShowLastSeen::yes)
                                     : users::deleted_user_json(page.other)},
            {"hasMore", page.has_more}};
}

}  // namespace

Task<Result<http::Response>> Controller::create(http::Request& request) {
    const auto body = request.json();
    if (!body) {
        co_return body.error();
    }
    json::Reader reader(*body);
    const auto other = reader.id<UserId>("otherUserId", "Other userid is required");
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto chat = co_await service_.create(request.identity->user, other);
    if (!chat) {
        co_return chat.error();
    }
    // The second text is spelled as the family's clients know it.
    const boost::json::value shown{{"message", chat->created ? "New Chat created" : "Chat already exitst"},
                                   {"chatId", chat->id.to_string()}};
    co_return http::json_response(chat->created ? 201 : 200, shown);
}

Task<Result<http::Response>> Controller::list(http::Request& request) {
    const auto query = read_chat_page(request);
    if (!query) {
        co_return query.error();
    }
    const auto page = co_await service_.list(request.identity->user, *query);
    if (!page) {
        co_return page.error();
    }
    boost::json::array chats;
    for (const auto& row : page->rows) {
        chats.push_back(row_json(row));
    }
    boost::json::object shown{{"chats", std::move(chats)}, {"hasMore", page->has_more}};
    if (page->has_more) {
        shown["next"] = encode_cursor(page->rows.back().view.chat);
    }
    co_return http::json_response(200, shown);
}

Task<Result<http::Response>> Controller::history(http::Request& request) {
    const auto query = read_history_query(request);
    if (!query) {
        co_return query.error();
    }
    const auto page = co_await service_.history(*query);
    if (!page) {
        co_return page.error();
    }
    if (marks_seen(request, *page)) {
        const auto moved = co_await service_.mark_read(query->reader, query->chat, page->messages.back().seq);
        if (!moved && !is_for_later(moved.error().code)) {
            co_return moved.error();
        }
        if (!moved) {
            log::warn("chats.not_marked_seen", {{"code", moved.error().slug}, {"request", request.id}});
        }
    }
    co_return http::json_response(200, history_json(*page));
}

Task<Result<http::Response>> Controller::mark_seen(http::Request& request) {
    const auto chat = http::path_id<ChatId>(request, "chatId");
    if (!chat) {
        co_return chat.error();
    }
    const auto body = request.json();
    if (!body) {
        co_return body.error();
    }
    json::Reader reader(*body);
    const auto seq = reader.integer("seq", 0, largest_seq);
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto moved = co_await service_.mark_read(request.identity->user, *chat, seq);
    if (!moved) {
        co_return moved.error();
    }
    const boost::json::value shown{{"readSeq", moved->to}, {"unseenCount", moved->unread}};
    co_return http::json_response(200, shown);
}

}  // namespace ping::chats
