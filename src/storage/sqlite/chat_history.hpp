#pragma once

#include "ping/core/error.hpp"
#include "ping/sqlite/statement.hpp"
#include "ping/storage/chat_store.hpp"

namespace ping::storage {

/// ChatStore::history within a read job.
Result<History> load_history(sqlite::Connection& connection, const HistoryQuery& request);

}  // namespace ping::storage
