#include "ping/sqlite/statement.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace ping::sqlite {

Connection::~Connection() {
    for (const auto& [sql, statement] : statements_) {
        sqlite3_finalize(statement);
    }
    sqlite3_close_v2(handle_);
}

Statement Connection::prepare(std::string_view sql) {
    const auto kept = statements_.find(sql);
    if (kept != statements_.end()) {
        // A second use would reset the first one under its caller.
        if (sqlite3_stmt_busy(kept->second) != 0) {
            throw SqliteFailure{SQLITE_MISUSE, "statement is already running: " + std::string(sql)};
        }
        return Statement(kept->second);
    }
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        throw SqliteFailure{code, std::string(sqlite3_errmsg(handle_)) + ": " + std::string(sql)};
    }
    statements_.emplace(sql, statement);
    return Statement(statement);
}

int Connection::changes() const {
    return sqlite3_changes(handle_);
}

std::int64_t Connection::last_insert_number() const {
    return sqlite3_last_insert_rowid(handle_);
}

Statement::~Statement() {
    if (statement_ != nullptr) {
        // The code repeats what `step` has thrown already.
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) {
        throw SqliteFailure{code, sqlite3_errmsg(sqlite3_db_handle(statement_))};
    }
}

Statement& Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_, next_parameter_++, value));
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    // A null pointer would bind NULL.
    const char* const data = text.empty() ? "" : text.data();
    check(
        sqlite3_bind_text64(statement_, next_parameter_++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(std::string_view bytes) {
    const char* const data = bytes.empty() ? "" : bytes.data();
    check(sqlite3_bind_blob64(statement_, next_parameter_++, data, bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null() {
    check(sqlite3_bind_null(statement_, next_parameter_++));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        check(code);
    }
    return false;
}

void Statement::run() {
    while (step()) {
    }
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
    const auto* const data = sqlite3_column_text(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(data), size);
}

std::string Statement::blob(int column) const {
    const auto* const data = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::optional<Time> Statement::optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<std::string> Statement::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

IdBytes Statement::id_bytes(int column) const {
    const std::string bytes = blob(column);
    IdBytes id{};
    if (bytes.size() != id.size()) {
        throw SqliteFailure{SQLITE_MISMATCH, "a column does not hold an id"};
    }
    std::copy(bytes.begin(), bytes.end(), id.begin());
    return id;
}

}  // namespace ping::sqlite
