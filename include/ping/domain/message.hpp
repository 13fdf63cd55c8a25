#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"
#include "ping/domain/image.hpp"

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
    std::string text;                      ///< of an image: what is written under it, perhaps nothing
    std::optional<Image> image{};          ///< of type image
    MessageType type = MessageType::text;
    Time created_at;  ///< never earlier than the message before it

    // Derived from the others' watermarks when the message was loaded; no store has them as columns.
    bool seen = false;
    std::optional<Time> seen_at;
};

/// Enough of a message to tell its author that it was seen.
struct SeenMessage {
    MessageId id;
    Seq seq = 0;
    UserId sender;
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
