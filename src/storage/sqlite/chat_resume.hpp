#pragma once

#include "ping/sqlite/statement.hpp"
#include "ping/storage/chat_store.hpp"

namespace ping::storage {

/// ChatStore::resume within a read job, whose transaction makes it one state of the store.
Resumed load_resumed(sqlite::Connection& connection, const ResumeQuery& request);

}  // namespace ping::storage
