#include "unit/sqlite/open_database.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <future>
#include <stdexcept>

namespace ping::test {
namespace {

using sqlite::Connection;

/// Counts the commits of the writer from here on.
std::shared_ptr<int> count_commits(Notes& notes) {
    const auto count = std::make_shared<int>(0);
    const auto hooked = notes.database->write_blocking<bool>([count](Connection& connection) -> Result<bool> {
        const auto hook = [](void* counter) { return ++*static_cast<int*>(counter), 0; };
        sqlite3_commit_hook(connection.handle(), hook, count.get());
        return true;
    });
    REQUIRE(hooked);
    *count = 0;
    return count;
}

Result<bool> fail(Connection& connection) {
    connection.prepare("INSERT INTO notes (text) VALUES ('failing')").run();
    return errors::conflict("no");
}

int count_failed(const std::vector<Result<bool>>& results, ErrorCode code) {
    int failed = 0;
    for (const auto& result : results) {
        failed += !result && result.error().code == code ? 1 : 0;
    }
    return failed;
}

}  // namespace

TEST_CASE("group commit: the writes of one turn are one commit", "[sqlite]") {
    Notes notes;
    const auto commits = count_commits(notes);
    std::vector<std::function<Result<bool>(Connection&)>> jobs;
    for (int i = 0; i < 200; ++i) {
        jobs.push_back(Notes::add(std::to_string(i)));
    }
    for (const auto& result : notes.write_together(jobs)) {
        CHECK(result);
    }
    notes.database->close();
    CHECK(*commits == 1);
    notes.reopen();
    REQUIRE(notes.texts().size() == 200);
    CHECK(notes.texts()[7] == "7");
}

TEST_CASE("group commit: what waits meanwhile goes in groups of at most 512 jobs", "[sqlite]") {
    Notes notes;
    const auto& groups = notes.metrics.counter("ping_db_groups_total", "");
    const auto before = groups.value();
    std::promise<void> started;
    std::promise<void> gate;
    const auto hold_writer = [&](Connection&) -> Result<bool> {
        started.set_value();
        gate.get_future().wait();
        return true;
    };
    auto holder =
        std::async(std::launch::async, [&] { return notes.database->write_blocking<bool>(hold_writer); });
    started.get_future().wait();
    const auto open_gate = [&]() -> Task<Result<bool>> {
        gate.set_value();
        co_return true;
    };
    const auto results = run_all(notes.loop, 1201, [&](int i) {
        return i < 1200 ? notes.database->write<bool>(Notes::add("x")) : open_gate();
    });
    CHECK(holder.get());
    CHECK(count_failed(results, ErrorCode::internal) == 0);
    CHECK(notes.texts().size() == 1200);
    CHECK(groups.value() - before == 1 + 3);
}

TEST_CASE("group commit: a failing job rolls back alone", "[sqlite]") {
    Notes notes;
    const auto throw_sqlite = [](Connection& connection) -> Result<bool> {
        connection.prepare("INSERT INTO notes (text) VALUES ('throwing')").run();
        connection.prepare("INSERT INTO notes (text) VALUES (NULL)").run();
        return true;
    };
    const auto throw_other = [](Connection& connection) -> Result<bool> {
        connection.prepare("INSERT INTO notes (text) VALUES ('throwing')").run();
        throw std::runtime_error("a mistake");
    };
    const auto results =
        notes.write_together({Notes::add("one"), fail, throw_sqlite, throw_other, Notes::add("two")});
    CHECK(results[0]);
    CHECK(results[4]);
    CHECK(count_failed(results, ErrorCode::conflict) == 1);
    CHECK(count_failed(results, ErrorCode::internal) == 2);
    CHECK(results[3].error().detail == "a mistake");
    CHECK(notes.texts() == Texts{"one", "two"});
}

TEST_CASE("group commit: jobs run again when one has failed after a change, and not for a mere refusal",
          "[sqlite]") {
    Notes notes;
    int runs = 0;
    const auto add_counted = [&](Connection& connection) -> Result<bool> {
        ++runs;
        return Notes::add("counted")(connection);
    };
    const auto refuse = [](Connection&) -> Result<bool> { return errors::conflict("no"); };
    const auto refused = notes.write_together({add_counted, refuse});
    CHECK(refused[0]);
    CHECK(count_failed(refused, ErrorCode::conflict) == 1);
    CHECK(runs == 1);
    const auto failed = notes.write_together({add_counted, fail});
    CHECK(failed[0]);
    CHECK(count_failed(failed, ErrorCode::conflict) == 1);
    CHECK(runs == 3);
    CHECK(notes.texts() == Texts{"counted", "counted"});
}

TEST_CASE("group commit: a failure that ends the transaction fails the whole group", "[sqlite]") {
    Notes notes;
    REQUIRE(notes.write(Notes::add("before")));
    const auto end_all = [](Connection& connection) -> Result<bool> {
        connection.prepare("INSERT OR ROLLBACK INTO notes (id, text) VALUES (1, 'again')").run();
        return true;
    };
    const auto results = notes.write_together({Notes::add("one"), end_all, Notes::add("two")});
    CHECK(count_failed(results, ErrorCode::internal) == 3);
    CHECK(notes.texts() == Texts{"before"});
    CHECK(notes.write(Notes::add("after")));
    CHECK(notes.texts() == Texts{"before", "after"});
}

TEST_CASE("group commit: a job that ends the transaction unseen fails the whole group", "[sqlite]") {
    Notes notes;
    const auto swallow = [](Connection& connection) -> Result<bool> {
        connection.prepare("ROLLBACK").run();
        return true;
    };
    const auto results = notes.write_together({Notes::add("one"), swallow, Notes::add("two")});
    CHECK(count_failed(results, ErrorCode::internal) == 3);
    CHECK(notes.write(Notes::add("after")));
    CHECK(notes.texts() == Texts{"after"});
}

TEST_CASE("group commit: a failed commit fails the whole group", "[sqlite]") {
    Notes notes;
    // The broken reference is looked at by COMMIT only.
    const auto break_commit = [](Connection& connection) -> Result<bool> {
        connection.prepare("PRAGMA defer_foreign_keys = ON").run();
        connection.prepare("INSERT INTO parts (note) VALUES (99)").run();
        return true;
    };
    const auto results = notes.write_together({Notes::add("one"), break_commit, Notes::add("two")});
    CHECK(count_failed(results, ErrorCode::internal) == 3);
    CHECK(notes.texts().empty());
    CHECK(notes.write(Notes::add("after")));
    CHECK(notes.texts() == Texts{"after"});
}

TEST_CASE("group commit: a full disk is storage_full, and later writes work", "[sqlite]") {
    Notes notes;
    const auto limit_pages = [](Connection& connection) -> Result<bool> {
        connection.prepare("PRAGMA max_page_count = 10").run();
        return true;
    };
    const auto lift_limit = [](Connection& connection) -> Result<bool> {
        connection.prepare("PRAGMA max_page_count = 100000").run();
        return true;
    };
    REQUIRE(notes.write(limit_pages));
    const auto too_much = notes.write(Notes::add(std::string(100'000, 'x')));
    REQUIRE_FALSE(too_much);
    CHECK(too_much.error().code == ErrorCode::storage_full);
    CHECK(notes.texts().empty());
    CHECK(notes.write(Notes::add("small")));
    REQUIRE(notes.write(lift_limit));
    CHECK(notes.write(Notes::add(std::string(100'000, 'x'))));
    CHECK(notes.texts().size() == 2);
}

}  // namespace ping::test
