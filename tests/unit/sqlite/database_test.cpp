#include "unit/sqlite/open_database.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <future>

namespace ping::test {
namespace {

using sqlite::Connection;

int count_unavailable(const std::vector<Result<bool>>& results) {
    int refused = 0;
    for (const auto& result : results) {
        refused += !result && result.error().code == ErrorCode::unavailable ? 1 : 0;
    }
    return refused;
}

/// Overwrites the middle of a file.
void damage(const std::filesystem::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(path) / 2));
    const std::string garbage(64 * 1024, '\x5a');
    file.write(garbage.data(), static_cast<std::streamsize>(garbage.size()));
}

}  // namespace

TEST_CASE("database: a write that was answered is there after reopening", "[sqlite]") {
    Notes notes;
    REQUIRE(notes.write(Notes::add("one")));
    notes.reopen();
    CHECK(notes.texts() == Texts{"one"});
}

TEST_CASE("database: the file is for its owner only and safe against power loss", "[sqlite]") {
    Notes notes;
    const auto mode = std::filesystem::status(notes.options.file).permissions();
    CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    const auto settings = [](Connection& connection) -> Result<std::string> {
        std::string values;
        auto journal = connection.prepare("PRAGMA journal_mode");
        auto sync = connection.prepare("PRAGMA synchronous");
        auto keys = connection.prepare("PRAGMA foreign_keys");
        for (auto* const pragma : {&journal, &sync, &keys}) {
            pragma->step();
            values += pragma->text(0) + " ";
        }
        return values;
    };
    const auto of_writer = run(notes.loop, [&] { return notes.database->write<std::string>(settings); });
    CHECK(*of_writer == "wal 2 1 ");
    const auto of_reader = run(notes.loop, [&] { return notes.database->read<std::string>(settings); });
    CHECK(*of_reader == "wal 2 1 ");
}

TEST_CASE("database: a reader cannot write", "[sqlite]") {
    Notes notes;
    const auto refused = run(notes.loop, [&] { return notes.database->read<bool>(Notes::add("one")); });
    REQUIRE_FALSE(refused);
    CHECK(notes.texts().empty());
}

TEST_CASE("database: a full write queue is unavailable at once", "[sqlite]") {
    sqlite::DatabaseOptions options;
    options.write_queue = 4;
    Notes notes(options);
    const std::vector<std::function<Result<bool>(Connection&)>> jobs(10, Notes::add("x"));
    const auto results = notes.write_together(jobs);
    CHECK(count_unavailable(results) == 6);
    CHECK(results.back().error().retry_after);
    CHECK(notes.texts().size() == 4);
    CHECK(notes.write(Notes::add("after")));
}

TEST_CASE("database: a full read queue is unavailable at once", "[sqlite]") {
    sqlite::DatabaseOptions options;
    options.readers = 1;
    options.read_queue = 3;
    Notes notes(options);
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    const auto wait = [opened](Connection&) -> Result<bool> {
        opened.wait();
        return true;
    };
    const auto open_gate = [&]() -> Task<Result<bool>> {
        gate.set_value();
        co_return true;
    };
    const auto results = run_all(
        notes.loop, 11, [&](int i) { return i < 10 ? notes.database->read<bool>(wait) : open_gate(); });
    // The reader may have taken one before the others came.
    const int refused = count_unavailable(results);
    CHECK(refused >= 6);
    CHECK(refused <= 7);
    CHECK(notes.texts().empty());
}

TEST_CASE("database: a worker thread writes and waits for its commit", "[sqlite]") {
    Notes notes;
    auto worker = std::async(std::launch::async,
                             [&] { return notes.database->write_blocking<bool>(Notes::add("one")); });
    CHECK(worker.get());
    CHECK(notes.texts() == Texts{"one"});
}

TEST_CASE("database: close finishes what it has and refuses what comes later", "[sqlite]") {
    Notes notes;
    const auto close = [&]() -> Task<Result<bool>> {
        notes.database->close();
        co_return true;
    };
    const auto results = run_all(notes.loop, 4, [&](int i) {
        return i == 2 ? close() : notes.database->write<bool>(Notes::add(std::to_string(i)));
    });
    CHECK(results[0]);
    CHECK(results[1]);
    REQUIRE_FALSE(results[3]);
    CHECK(results[3].error().code == ErrorCode::unavailable);
    CHECK_FALSE(notes.database->write_blocking<bool>(Notes::add("late")));
    CHECK_FALSE(run(notes.loop, [&] { return notes.database->read<bool>(Notes::add("late")); }));
    notes.reopen();
    CHECK(notes.texts() == Texts{"0", "1"});
}

TEST_CASE("database: quick_check passes a sound file and finds a damaged one", "[sqlite]") {
    Notes notes;
    for (int i = 0; i < 200; ++i) {
        REQUIRE(notes.database->write_blocking<bool>(Notes::add(std::string(2'000, 'a'))));
    }
    CHECK(run(notes.loop, [&] { return notes.database->quick_check(); }));
    notes.database.reset();
    damage(notes.options.file);
    notes.reopen();
    const auto checked = run(notes.loop, [&] { return notes.database->quick_check(); });
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::internal);
    CHECK_FALSE(checked.error().detail.empty());
}

TEST_CASE("database: its numbers are among the metrics", "[sqlite]") {
    Notes notes;
    REQUIRE(notes.write(Notes::add("one")));
    REQUIRE(notes.write(Notes::add("two")));
    const auto text = notes.metrics.to_text();
    CHECK(text.find("ping_db_groups_total 2\n") != std::string::npos);
    CHECK(text.find("ping_db_group_jobs_total 2\n") != std::string::npos);
    CHECK(text.find("ping_db_commit_seconds_count 2\n") != std::string::npos);
    CHECK(text.find("ping_db_write_queue 0\n") != std::string::npos);
}

}  // namespace ping::test
