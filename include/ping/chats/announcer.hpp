#pragma once

#include "ping/bus/event_bus.hpp"
#include "ping/chats/types.hpp"
#include "ping/storage/chat_store.hpp"

#include <vector>

namespace ping::chats {

/// Tells people's connections what has happened in their chats (API.md §4, server to client). What is told is
/// durable before. Loop thread.
class Announcer {
public:
    explicit Announcer(bus::EventBus& bus) : bus_(bus) {}

    /// `newMessage` to every member; then what the sender has read by writing, as in `read`.
    void sent(const storage::AppendedMessage& appended);
    /// `messagesSeen` to the authors, `unread` to the reader's connections (the one that read hears it too,
    /// which tells it nothing new).
    void read(UserId reader, ChatId chat, const storage::ReadMove& move);
    /// `messagesDelivered` to the other members. They are the authors: a member's own messages move the
    /// member's own mark.
    void delivered(UserId member, ChatId chat, const storage::DeliveredMove& move);
    /// `chatCreated` to everyone's connections, as each of them sees it.
    void created(const std::vector<Row>& rows_of_members);

private:
    bus::EventBus& bus_;
};

}  // namespace ping::chats
