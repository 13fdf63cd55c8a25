#include "sqlite/open.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace ping::sqlite {
namespace {

constexpr int busy_timeout_ms = 5'000;

// SQLite would take a lock at each allocation to count it, and nobody asks for the count. Before its first
// use.
void stop_counting_memory() {
    [[maybe_unused]] static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// The WAL's files take over the mode of the database file.
void create_private_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw SqliteFailure{SQLITE_CANTOPEN, std::generic_category().message(errno) + ": " + file.string()};
    }
    ::close(descriptor);
}

void switch_to_wal(Connection& connection) {
    auto statement = connection.prepare("PRAGMA journal_mode = WAL");
    if (!statement.step() || statement.text(0) != "wal") {
        throw SqliteFailure{SQLITE_CANTOPEN, "the file system does not support a write-ahead log"};
    }
}

int current_version(Connection& connection) {
    auto statement = connection.prepare("SELECT max(version) FROM schema_versions");
    return statement.step() ? static_cast<int>(statement.integer(0)) : 0;
}

void apply(Connection& connection, const Migration& migration, Time now) {
    run_script(connection, "BEGIN IMMEDIATE");
    run_script(connection, migration.sql);
    connection.prepare("INSERT INTO schema_versions (version, applied_at) VALUES (?, ?)")
        .bind(migration.version)
        .bind(now)
        .run();
    run_script(connection, "COMMIT");
}

}  // namespace

std::unique_ptr<Connection> open_connection(const std::filesystem::path& file, Access access) {
    if (access == Access::read_write) {
        create_private_file(file);
    }
    stop_counting_memory();
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    auto connection = std::make_unique<Connection>(handle);
    if (code != SQLITE_OK) {
        throw SqliteFailure{code, handle == nullptr ? "out of memory" : sqlite3_errmsg(handle)};
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    // Negative sizes count KiB. The size limit gives the space of a WAL that once grew back to the disk.
    run_script(*connection,
               "PRAGMA foreign_keys = ON;"
               "PRAGMA trusted_schema = OFF;"
               "PRAGMA temp_store = MEMORY;"
               "PRAGMA cache_size = -16384;"
               "PRAGMA journal_size_limit = 67108864;"
               "PRAGMA synchronous = FULL;");
    if (access == Access::read_write) {
        switch_to_wal(*connection);
    } else {
        run_script(*connection, "PRAGMA query_only = ON");
    }
    return connection;
}

void run_script(Connection& connection, std::string_view script) {
    while (!script.empty()) {
        sqlite3_stmt* statement = nullptr;
        const char* rest = nullptr;
        int code = sqlite3_prepare_v2(connection.handle(), script.data(), static_cast<int>(script.size()),
                                      &statement, &rest);
        // No statement: what is left is white space and comments.
        while (code == SQLITE_OK && statement != nullptr) {
            code = sqlite3_step(statement);
            if (code == SQLITE_ROW) {
                code = SQLITE_OK;
            }
        }
        const std::string message = sqlite3_errmsg(connection.handle());
        sqlite3_finalize(statement);
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            throw SqliteFailure{code, message};
        }
        script.remove_prefix(static_cast<std::size_t>(rest - script.data()));
    }
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations, Time now) {
    run_script(connection,
               "CREATE TABLE IF NOT EXISTS schema_versions ("
               "version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT");
    const int version = current_version(connection);
    const int newest = migrations.empty() ? 0 : migrations.back().version;
    if (version > newest) {
        return errors::conflict("The database was written by a newer version of Ping (schema " +
                                    std::to_string(version) + ", this one knows " + std::to_string(newest) +
                                    "). Use that version, or restore a backup.",
                                "schema_too_new");
    }
    for (const auto& migration : migrations) {
        if (migration.version > version) {
            apply(connection, migration, now);
        }
    }
    return ok();
}

}  // namespace ping::sqlite
