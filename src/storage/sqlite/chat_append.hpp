#pragma once

#include "ping/core/error.hpp"
#include "ping/sqlite/statement.hpp"
#include "ping/storage/chat_store.hpp"

namespace ping::storage {

/// ChatStore::append within a write job.
Result<AppendedMessage> append_message(sqlite::Connection& connection, const NewMessage& request);

}  // namespace ping::storage
