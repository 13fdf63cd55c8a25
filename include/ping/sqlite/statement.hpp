#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/core/id.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace ping::sqlite {

class Statement;

/// A failure of SQLite itself. Thrown inside jobs; the database turns it into an Error at its edge
/// (SQLITE_FULL to storage_full, SQLITE_BUSY and IOERR to unavailable, others to internal) and rolls the job
/// back.
struct SqliteFailure {
    int code;
    std::string message;
};

/// One connection to the file, used by one thread. Statements are prepared once and kept. The SQL is always a
/// literal: values go through `bind` (T47; scripts/check_sql.py checks it).
class Connection {
public:
    /// Takes over the handle.
    explicit Connection(sqlite3* handle) : handle_(handle) {}
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// A kept statement, reset and without bindings. The same SQL cannot be run again while it is being run.
    /// Throws SqliteFailure.
    Statement prepare(std::string_view sql);
    /// Rows changed by the last insert, update or delete.
    int changes() const;
    /// The row number that the last insert made.
    std::int64_t last_insert_number() const;
    sqlite3* handle() const { return handle_; }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    sqlite3* handle_;
    std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
};

/// A statement being run. Resets itself when it goes away. Throws SqliteFailure.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    ~Statement();
    Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;

    /// Binds the next parameter (`?`) in order. Texts and bytes are copied.
    Statement& bind(std::int64_t value);
    Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(std::string_view text);
    Statement& bind(const char* text) { return bind(std::string_view(text)); }
    Statement& bind_blob(std::string_view bytes);
    Statement& bind_null();
    Statement& bind(Time time) { return bind(to_millis(time)); }
    template <class Tag>
    Statement& bind(const TypedId<Tag>& id) {
        const auto& bytes = id.bytes();
        return bind_blob(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }
    template <class T>
    Statement& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind_null();
    }

    /// Steps: true when there is a row.
    bool step();
    /// Steps to the end.
    void run();
    /// Steps to the end: what `read` makes of each row, in order.
    template <class Read>
    auto collect(Read read) {
        std::vector<std::invoke_result_t<Read, const Statement&>> rows;
        while (step()) {
            rows.push_back(read(*this));
        }
        return rows;
    }

    /// Columns of the row that `step` found, from 0.
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    std::string blob(int column) const;
    bool is_null(int column) const;
    Time time(int column) const { return from_millis(integer(column)); }
    std::optional<Time> optional_time(int column) const;
    std::optional<std::string> optional_text(int column) const;
    /// Throws when the column does not hold 12 bytes.
    template <class Id>
    Id id(int column) const {
        return Id(id_bytes(column));
    }

private:
    IdBytes id_bytes(int column) const;
    void check(int code) const;
    sqlite3_stmt* statement_;
    int next_parameter_ = 1;
};

}  // namespace ping::sqlite
