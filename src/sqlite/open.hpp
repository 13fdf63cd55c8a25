#pragma once

#include "ping/sqlite/database.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace ping::sqlite {

enum class Access { read_write, read_only };

/// A connection with Ping's settings. `read_write` creates the file and recovers the WAL. Throws
/// SqliteFailure.
std::unique_ptr<Connection> open_connection(const std::filesystem::path& file, Access access);

/// Runs all statements of `script`. For fixed texts: pragmas and migrations. Throws SqliteFailure.
void run_script(Connection& connection, std::string_view script);

/// Brings the file to the newest version. conflict when it is newer than that already. Throws SqliteFailure.
Result<void> migrate(Connection& connection, std::span<const Migration> migrations, Time now);

}  // namespace ping::sqlite
