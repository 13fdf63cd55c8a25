#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"
#include "ping/domain/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ping {

/// How far a member has come in a chat. Both only ever grow.
struct Watermarks {
    Seq read = 0;
    Seq delivered = 0;
};

/// What the chat list shows of the newest message.
struct MessagePreview {
    std::string text;
    UserId sender;
    Time created_at;
    MessageType type = MessageType::text;
};

struct Chat {
    ChatId id;
    std::vector<UserId> members;  ///< two, sorted, for a direct chat
    Seq last_seq = 0;
    std::optional<MessagePreview> latest;
    Time created_at;
    Time updated_at;  ///< the newest message's time: the chat list's order
};

/// A chat as one of its members sees it.
struct ChatView {
    Chat chat;
    Watermarks mine;
    Watermarks peer;  ///< of the other member
    int unread = 0;   ///< messages after `mine.read` that are not mine; counting stops at 100
};

}  // namespace ping
