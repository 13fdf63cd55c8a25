#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/chat.hpp"
#include "ping/sqlite/statement.hpp"
#include "ping/storage/chat_store.hpp"

#include <vector>

namespace ping::storage {

/// The reader's chat. Errors as load_standing.
Result<ChatView> load_view(sqlite::Connection& connection, ChatId chat, UserId reader);

/// A page of the reader's chats, in one statement.
std::vector<ChatView> load_views(sqlite::Connection& connection, UserId reader, const ChatPage& page);

}  // namespace ping::storage
