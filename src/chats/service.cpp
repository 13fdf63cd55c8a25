#include "ping/chats/service.hpp"

#include "ping/chats/codec.hpp"
#include "ping/core/validate.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>

namespace ping::chats {
namespace {

constexpr std::size_t client_id_bytes = 64;

/// The other member of a direct chat.
UserId other_of(const std::vector<UserId>& members, UserId self) {
    const auto other = std::find_if(members.begin(), members.end(), [self](UserId id) { return id != self; });
    return other == members.end() ? self : *other;
}

/// It comes back in JSON, also when it came in a header, which may hold any bytes.
bool is_client_id(std::string_view text) {
    return !text.empty() && text.size() <= client_id_bytes &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Result<void> check(const SendRequest& request) {
    if (request.text.empty()) {
        return errors::invalid("Either text or image is required", "empty_message");
    }
    if (auto checked = validate::check_text(request.text); !checked) {
        return checked;
    }
    if (request.client_id && !is_client_id(*request.client_id)) {
        return errors::invalid("clientId must have 1 to 64 printable ASCII characters", "bad_client_id");
    }
    return ok();
}

}  // namespace

Service::Service(Ports ports, const Config::Limits& limits, Metrics& metrics)
    : ports_(ports),
      sends_per_user_(ports.clock, limits.per_user == 0 ? 0 : limits.messages_burst,
                      limits.messages_per_second),
      messages_(metrics.counter("ping_messages_total", "Messages stored")) {}

Task<Result<storage::DirectChat>> Service::create(UserId creator, UserId other) {
    if (creator == other) {
        co_return errors::invalid("You cannot chat with yourself", "self_chat");
    }
    const storage::NewDirectChat request{ports_.ids.make<ChatId>(), creator, other, ports_.clock.now()};
    auto chat = co_await ports_.store.create_direct(request);
    co_return chat;
}

Task<Result<RowPage>> Service::list(UserId reader, storage::ChatPage page) {
    const auto limit = static_cast<std::size_t>(page.limit);
    ++page.limit;  // one more tells whether there is a next page
    auto views = co_await ports_.store.list(reader, page);
    if (!views) {
        co_return views.error();
    }
    RowPage rows;
    rows.has_more = views->size() > limit;
    views->resize(std::min(views->size(), limit));
    std::vector<UserId> others;
    for (const auto& view : *views) {
        others.push_back(other_of(view.chat.members, reader));
    }
    const auto people = co_await ports_.users.get_many(others);
    if (!people) {
        co_return people.error();
    }
    for (std::size_t i = 0; i < views->size(); ++i) {
        const auto person = people->find(others[i]);
        rows.rows.push_back(Row{std::move((*views)[i]), others[i],
                                person == people->end() ? std::nullopt : std::optional(person->second)});
    }
    co_return rows;
}

Task<Result<Sent>> Service::send(SendRequest request) {
    if (auto checked = check(request); !checked) {
        co_return checked.error();
    }
    if (const auto wait = sends_per_user_.take(request.sender.to_string())) {
        co_return errors::rate_limited("You are sending too fast", *wait, "message_limit");
    }
    storage::NewMessage message;
    message.id = ports_.ids.make<MessageId>();
    message.chat = request.chat;
    message.sender = request.sender;
    message.client_id = std::move(request.client_id);
    message.text = std::move(request.text);
    message.now = ports_.clock.now();
    const auto appended = co_await ports_.store.append(std::move(message));
    if (!appended) {
        co_return appended.error();
    }
    if (!appended->repeated) {
        messages_.add();
        announce(*appended);
    }
    co_return Sent{appended->message, appended->repeated};
}

Task<Result<HistoryPage>> Service::history(storage::HistoryQuery query) {
    const auto reader = query.reader;
    auto history = co_await ports_.store.history(query);
    if (!history) {
        co_return history.error();
    }
    HistoryPage page;
    page.messages = std::move(history->messages);
    page.has_more = history->has_more;
    page.my_read = history->mine.read;
    page.peer_read = history->peer.read;
    page.other = other_of(history->members, reader);
    std::vector<UserId> others{page.other};
    const auto people = co_await ports_.users.get_many(std::move(others));
    if (!people) {
        co_return people.error();
    }
    if (const auto person = people->find(page.other); person != people->end()) {
        page.other_user = person->second;
    }
    co_return page;
}

Task<Result<storage::ReadMove>> Service::mark_read(UserId reader, ChatId chat, Seq seq) {
    auto move = co_await ports_.store.mark_read(reader, chat, seq, ports_.clock.now());
    if (move && move->to > move->from) {
        announce_seen(reader, chat, *move);
    }
    co_return move;
}

void Service::announce(const storage::AppendedMessage& appended) {
    bus::Event event{"newMessage", message_json(appended.message, 0), appended.members};
    ports_.bus.publish(std::move(event));
}

void Service::announce_seen(UserId reader, ChatId chat, const storage::ReadMove& move) {
    std::map<UserId, boost::json::array> ids_by_author;
    for (const auto& message : move.seen) {
        ids_by_author[message.sender].emplace_back(message.id.to_string());
    }
    for (auto& [author, ids] : ids_by_author) {
        boost::json::value data{{"chatId", chat.to_string()},
                                {"seenBy", reader.to_string()},
                                {"messageIds", std::move(ids)},
                                {"seq", move.to}};
        ports_.bus.publish(bus::Event{"messagesSeen", std::move(data), {author}});
    }
    boost::json::value unread{
        {"chatId", chat.to_string()}, {"unseenCount", move.unread}, {"readSeq", move.to}};
    ports_.bus.publish(bus::Event{"unread", std::move(unread), {reader}});
}

}  // namespace ping::chats
