#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/message.hpp"
#include "ping/sqlite/statement.hpp"
#include "ping/storage/chat_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ping::storage {

/// Sets `image` of those of a chat's messages that have one. The messages ascend or descend.
void fill_images(sqlite::Connection& connection, ChatId chat, std::span<Message> messages);

/// Stores the image of a message that is there. too_large ("quota_exceeded").
Result<void> insert_image(sqlite::Connection& connection, const Message& message, const NewImage& image);

/// The digest of a message's image; nothing when it has none.
std::optional<std::string> image_digest(sqlite::Connection& connection, ChatId chat, Seq seq);

std::int64_t count_image_bytes(sqlite::Connection& connection, UserId owner);

}  // namespace ping::storage
