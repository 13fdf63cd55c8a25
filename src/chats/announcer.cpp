#include "ping/chats/announcer.hpp"

#include "ping/chats/codec.hpp"

#include <boost/json/array.hpp>

#include <map>
#include <utility>

namespace ping::chats {
namespace {

void tell_authors(bus::EventBus& bus, UserId reader, ChatId chat, Seq seq,
                  const std::vector<SeenMessage>& seen) {
    std::map<UserId, boost::json::array> ids_by_author;
    for (const auto& message : seen) {
        ids_by_author[message.sender].emplace_back(message.id.to_string());
    }
    for (auto& [author, ids] : ids_by_author) {
        boost::json::value data{{"chatId", chat.to_string()},
                                {"seenBy", reader.to_string()},
                                {"messageIds", std::move(ids)},
                                {"seq", seq}};
        bus.publish(bus::Event{"messagesSeen", std::move(data), {author}});
    }
}

void tell_reader(bus::EventBus& bus, UserId reader, ChatId chat, Seq seq, int unread) {
    boost::json::value data{{"chatId", chat.to_string()}, {"unseenCount", unread}, {"readSeq", seq}};
    bus.publish(bus::Event{"unread", std::move(data), {reader}});
}

}  // namespace

void Announcer::sent(const storage::AppendedMessage& appended) {
    const auto& message = appended.message;
    bus_.publish(bus::Event{"newMessage", message_json(message), appended.members});
    if (!appended.read.empty()) {
        tell_authors(bus_, message.sender, message.chat, message.seq, appended.read);
        tell_reader(bus_, message.sender, message.chat, message.seq, 0);
    }
}

void Announcer::read(UserId reader, ChatId chat, const storage::ReadMove& move) {
    tell_authors(bus_, reader, chat, move.to, move.seen);
    tell_reader(bus_, reader, chat, move.to, move.unread);
}

void Announcer::delivered(UserId member, ChatId chat, const storage::DeliveredMove& move) {
    auto others = move.members;
    std::erase(others, member);
    boost::json::value data{{"chatId", chat.to_string()}, {"userId", member.to_string()}, {"seq", move.to}};
    bus_.publish(bus::Event{"messagesDelivered", std::move(data), std::move(others)});
}

void Announcer::created(const std::vector<Row>& rows_of_members) {
    for (const auto& row : rows_of_members) {
        bus_.publish(bus::Event{"chatCreated", row_json(row), {row.viewer}});
    }
}

}  // namespace ping::chats
