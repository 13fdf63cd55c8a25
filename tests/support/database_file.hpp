#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace ping::test {

/// The application's database, seen and changed by a connection beside the application's own.
class DatabaseFile {
public:
    explicit DatabaseFile(const std::filesystem::path& file) {
        if (sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
            throw std::runtime_error("DatabaseFile: cannot open " + file.string());
        }
        sqlite3_busy_timeout(handle_, 10'000);
    }
    DatabaseFile(const DatabaseFile&) = delete;
    DatabaseFile& operator=(const DatabaseFile&) = delete;
    ~DatabaseFile() { sqlite3_close(handle_); }

    /// Each row as its columns with commas between; null is `NULL`.
    std::vector<std::string> rows(const std::string& sql) const {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
        std::vector<std::string> found;
        int step = SQLITE_ROW;
        while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
            std::string row;
            for (int column = 0; column < sqlite3_column_count(statement); ++column) {
                row += (column == 0 ? "" : ",") + text(statement, column);
            }
            found.push_back(std::move(row));
        }
        sqlite3_finalize(statement);
        check(step == SQLITE_DONE);
        return found;
    }
    void run(const std::string& sql) const { rows(sql); }
    long number(const std::string& sql) const { return std::stol(rows(sql).at(0)); }

    /// Every row of every table.
    std::vector<std::string> everything() const {
        std::vector<std::string> all;
        for (const auto& table : rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
            for (const auto& row : rows("SELECT * FROM " + table)) {
                all.push_back(table + ": " + row);
            }
        }
        return all;
    }

private:
    void check(bool is_good) const {
        if (!is_good) {
            throw std::runtime_error(std::string("DatabaseFile: ") + sqlite3_errmsg(handle_));
        }
    }
    static std::string text(sqlite3_stmt* statement, int column) {
        const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
        const int size = sqlite3_column_bytes(statement, column);
        if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) {
            return std::to_string(sqlite3_column_int64(statement, column));
        }
        return bytes == nullptr ? "NULL" : std::string(bytes, static_cast<std::size_t>(size));
    }

    sqlite3* handle_ = nullptr;
};

}  // namespace ping::test
