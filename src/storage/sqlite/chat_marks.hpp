#pragma once

#include "ping/core/error.hpp"
#include "ping/sqlite/statement.hpp"
#include "ping/storage/chat_store.hpp"

namespace ping::storage {

/// Where the reader's watermark would go by ChatStore::mark_read. Complete when it would not move. In a read
/// job.
Result<ReadMove> plan_read(sqlite::Connection& connection, UserId reader, ChatId chat, Seq seq);
/// ChatStore::mark_read within a write job.
Result<ReadMove> move_read(sqlite::Connection& connection, UserId reader, ChatId chat, Seq seq, Time now);
/// ChatStore::mark_delivered within a write job.
Result<DeliveredMove> move_delivered(sqlite::Connection& connection, UserId member, ChatId chat, Seq seq);

/// Keeps when a member's watermark passed messages of others.
void insert_read_mark(sqlite::Connection& connection, ChatId chat, UserId reader, Seq seq, Time at);

}  // namespace ping::storage
