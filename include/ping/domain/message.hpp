#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ping {

/// A message's place in its chat: dense, from 1. 0 means "before the first".
using Seq = std::int64_t;

enum class MessageType { text, image, order };

struct Message {
    MessageId id;
    ChatId chat;
    Seq seq = 0;
    UserId sender;
    std::optional<std::string> client_id;  ///< the sender's own key for it: a repeat returns this message
    std::string text;
    MessageType type = MessageType::text;
    Time created_at;  ///< never earlier than the message before it
};

constexpr std::string_view to_string(MessageType type) {
    switch (type) {
        case MessageType::image:
            return "image";
        case MessageType::order:
            return "order";
        case MessageType::text:
            break;
    }
    return "text";
}

}  // namespace ping
