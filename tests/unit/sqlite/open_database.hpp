#pragma once

#include "ping/sqlite/database.hpp"
#include "support/catch_result.hpp"
#include "support/fake_clock.hpp"
#include "support/run_all.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <memory>
#include <string>

namespace ping::test {

inline constexpr std::array note_schema{sqlite::Migration{
    1,
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
    "CREATE TABLE parts (id INTEGER PRIMARY KEY, note INTEGER REFERENCES notes (id)) STRICT;"}};

/// A database of notes in a folder of its own.
struct Notes {
    explicit Notes(sqlite::DatabaseOptions options_in = {}) : options(std::move(options_in)) {
        options.file = folder.path() / "test.db";
        reopen();
    }

    Result<void> try_open(std::span<const sqlite::Migration> schema) {
        database.reset();
        auto opened = sqlite::Database::open(loop, options, schema, metrics);
        if (!opened) {
            return opened.error();
        }
        database = std::move(*opened);
        return ok();
    }
    void reopen() { REQUIRE(try_open(note_schema)); }

    /// A job that adds a note.
    static std::function<Result<bool>(sqlite::Connection&)> add(std::string text) {
        return [text = std::move(text)](sqlite::Connection& connection) -> Result<bool> {
            connection.prepare("INSERT INTO notes (text) VALUES (?)").bind(text).run();
            return true;
        };
    }
    Result<bool> write(std::function<Result<bool>(sqlite::Connection&)> job) {
        return run(loop, [&] { return database->write<bool>(job); });
    }
    /// Writes all jobs in one turn of the loop.
    std::vector<Result<bool>> write_together(
        const std::vector<std::function<Result<bool>(sqlite::Connection&)>>& jobs) {
        return run_all(loop, static_cast<int>(jobs.size()),
                       [&](int i) { return database->write<bool>(jobs[static_cast<std::size_t>(i)]); });
    }
    std::vector<std::string> texts() {
        using Texts = std::vector<std::string>;
        const auto found = run(loop, [this] {
            return database->read<Texts>([](sqlite::Connection& connection) -> Result<Texts> {
                auto query = connection.prepare("SELECT text FROM notes ORDER BY id");
                Texts all;
                while (query.step()) {
                    all.push_back(query.text(0));
                }
                return all;
            });
        });
        REQUIRE(found);
        return *found;
    }

    TempDir folder;
    FakeClock clock;
    Loop loop{clock};
    Metrics metrics;
    sqlite::DatabaseOptions options;
    std::unique_ptr<sqlite::Database> database;
};

using Texts = std::vector<std::string>;

}  // namespace ping::test
