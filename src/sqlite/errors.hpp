#pragma once

#include "ping/core/error.hpp"
#include "ping/sqlite/statement.hpp"

namespace ping::sqlite {

/// SQLite's failure as the rest of Ping knows it: FULL is storage_full, what may pass by itself (BUSY, IOERR,
/// NOMEM, ...) is unavailable, everything else internal. SQLite's words go to `detail` only.
Error to_error(const SqliteFailure& failure);

}  // namespace ping::sqlite
