// What the SQLite adapters promise beyond their ports.
#include "contract/otp_helpers.hpp"
#include "ping/ephemeral/sqlite/otp_store.hpp"
#include "ping/jobs/sqlite/job_queue.hpp"
#include "ping/storage/sqlite/schema.hpp"
#include "support/catch_result.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_rng.hpp"
#include "support/run_all.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>
#include <iterator>

namespace ping::test {
namespace {

using ephemeral::OtpVerdict;
using sqlite::Connection;

struct File {
    File() { reopen(); }

    void reopen() {
        database.reset();
        sqlite::DatabaseOptions options;
        options.file = folder.path() / "ping.db";
        auto opened = sqlite::Database::open(loop, options, storage::schema(), metrics);
        REQUIRE(opened);
        database = std::move(*opened);
    }
    std::unique_ptr<jobs::SqliteJobQueue> open_queue(const crypto::KeyRing& keys) {
        jobs::SqliteQueueOptions options;
        options.name = "send-otp";
        auto opened = jobs::SqliteJobQueue::open(*database, clock, rng, keys, options);
        REQUIRE(opened);
        return std::move(*opened);
    }
    std::int64_t number(const std::function<std::int64_t(Connection&)>& read) {
        const auto found = database->write_blocking<std::int64_t>(
            [&](Connection& connection) -> Result<std::int64_t> { return read(connection); });
        REQUIRE(found);
        return *found;
    }
    /// Everything in the database file and its write-ahead log.
    std::string bytes() const {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            std::ifstream file(entry.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(file), {});
        }
        return all;
    }

    TempDir folder;
    FakeClock clock;
    FakeRng rng;
    Loop loop{clock};
    Metrics metrics;
    std::unique_ptr<sqlite::Database> database;
};

jobs::Job make_job() {
    jobs::Job job;
    job.message_id = "message-canary";
    job.body = "your code is 314159";
    return job;
}

std::int64_t rows_changed(Connection& connection) {
    return sqlite3_total_changes(connection.handle());
}

}  // namespace

TEST_CASE("T19: a job's body is nowhere in the file, before it is done and after", "[jobs][sqlite]") {
    File file;
    const auto queue = file.open_queue({{1}});
    REQUIRE(run(file.loop, [&] { return queue->publish(make_job()); }));
    CHECK(file.bytes().find("message-canary") != std::string::npos);
    CHECK(file.bytes().find("314159") == std::string::npos);
    const auto deliveries = queue->take({1, 1});
    REQUIRE(deliveries);
    REQUIRE(queue->ack({deliveries->front().tag}));
    CHECK(file.bytes().find("314159") == std::string::npos);
}

TEST_CASE("jobs: a body that another key sealed becomes a dead letter", "[jobs][sqlite]") {
    File file;
    auto queue = file.open_queue({{1}});
    REQUIRE(run(file.loop, [&] { return queue->publish(make_job()); }));
    queue = file.open_queue({{2}});
    const auto deliveries = queue->take({10, 10});
    REQUIRE(deliveries);
    CHECK(deliveries->empty());
    const auto dead = file.number([](Connection& connection) {
        auto query = connection.prepare("SELECT count(*) FROM dead_jobs WHERE queue = 'send-otp'");
        query.step();
        return query.integer(0);
    });
    CHECK(dead == 1);
    queue = file.open_queue({{1}});
    CHECK(queue->take({10, 10})->empty());
}

TEST_CASE("jobs: after a new secret the jobs that the old one sealed are still done", "[jobs][sqlite]") {
    File file;
    auto queue = file.open_queue({{1}});
    REQUIRE(run(file.loop, [&] { return queue->publish(make_job()); }));
    queue = file.open_queue({{2}, {1}});
    const auto deliveries = queue->take({10, 10});
    REQUIRE(deliveries);
    REQUIRE(deliveries->size() == 1);
    CHECK(deliveries->front().job.body == make_job().body);
}

TEST_CASE("T11: every guess that is not right writes two rows", "[otp][sqlite]") {
    File file;
    ephemeral::SqliteOtpStore codes(*file.database);
    ephemeral::OtpIssue request;
    request.subject = request.mailbox = "ada@example.org";
    request.id = "one";
    request.now = file.clock.now();
    REQUIRE(run(file.loop, [&] { return codes.issue(request); }));
    const auto check_writes = [&](const std::string& subject, const std::string& flow, OtpVerdict verdict) {
        const auto before = file.number(rows_changed);
        const ephemeral::OtpGuess guess{subject, flow, file.clock.now(), wrong};
        const auto guessed = run(file.loop, [&] { return codes.guess(guess); });
        REQUIRE(guessed);
        CHECK(guessed->verdict == verdict);
        CHECK(file.number(rows_changed) - before == 2);
    };
    check_writes("ada@example.org", "one", OtpVerdict::wrong);
    check_writes("ada@example.org", "another flow", OtpVerdict::refused);
    check_writes("nobody@example.org", "", OtpVerdict::refused);
    for (int i = 0; i < 5; ++i) {
        check_writes("ada@example.org", "", OtpVerdict::wrong);
    }
    check_writes("ada@example.org", "", OtpVerdict::refused);
    file.clock.advance(std::chrono::minutes(6));
    check_writes("ada@example.org", "one", OtpVerdict::refused);
}

TEST_CASE("codes: a guess is charged before it is compared, and a compare that fails takes the charge along",
          "[otp][sqlite]") {
    File file;
    ephemeral::SqliteOtpStore codes(*file.database);
    ephemeral::OtpIssue request;
    request.subject = request.mailbox = "ada@example.org";
    request.now = file.clock.now();
    REQUIRE(run(file.loop, [&] { return codes.issue(request); }));
    const auto ask = [&](ephemeral::OtpMatcher is_right) {
        const ephemeral::OtpGuess guess{request.subject, "", request.now, std::move(is_right)};
        return run(file.loop, [&] { return codes.guess(guess); });
    };
    std::vector<std::int64_t> changed;
    sqlite3* handle = nullptr;
    file.number([&](Connection& connection) {
        handle = connection.handle();
        return 0;
    });
    const auto before = sqlite3_total_changes(handle);
    const auto count_and_fail = [&](const ephemeral::OtpChallenge&) -> bool {
        changed.push_back(sqlite3_total_changes(handle) - before);
        throw std::runtime_error("no memory");
    };
    CHECK_FALSE(ask(count_and_fail));
    REQUIRE_FALSE(changed.empty());
    CHECK(changed.front() == 2);
    for (int i = 0; i < 4; ++i) {
        CHECK(ask(wrong)->verdict == OtpVerdict::wrong);
    }
    CHECK(ask(right)->verdict == OtpVerdict::right);
}

TEST_CASE("codes: rows of the past go away while codes are asked for", "[otp][sqlite]") {
    File file;
    ephemeral::SqliteOtpStore codes(*file.database);
    const auto issue = [&](int i) {
        ephemeral::OtpIssue request;
        request.subject = request.mailbox = "user" + std::to_string(i) + "@example.org";
        request.id = std::to_string(i);
        request.now = file.clock.now();
        REQUIRE(run(file.loop, [&] { return codes.issue(request); }));
        const ephemeral::OtpGuess guess{request.subject, "", request.now, wrong};
        REQUIRE(run(file.loop, [&] { return codes.guess(guess); }));
    };
    for (int i = 0; i < 40; ++i) {
        issue(i);
    }
    file.clock.advance(std::chrono::hours(24 * 31));
    for (int i = 40; i < 60; ++i) {
        issue(i);
    }
    const auto rows = file.number([](Connection& connection) {
        auto query = connection.prepare(
            "SELECT (SELECT count(*) FROM otp_accounts WHERE subject <> ' refused')"
            " + (SELECT count(*) FROM otp_mails)");
        query.step();
        return query.integer(0);
    });
    CHECK(rows == 2 * 20);
}

}  // namespace ping::test
