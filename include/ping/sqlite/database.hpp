#pragma once

#include "ping/core/error.hpp"
#include "ping/core/metrics.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/sqlite/statement.hpp"

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace ping::sqlite {

/// One step of the schema: applied once, in order, each in a transaction of its own with the version it leads
/// to.
struct Migration {
    int version;
    std::string_view sql;
};

struct DatabaseOptions {
    std::filesystem::path file;
    int readers = 2;
    std::size_t write_queue = 10'000;
    std::size_t read_queue = 10'000;
};

/// One SQLite file: WAL, synchronous=FULL, one writer thread with group commit, reader threads. A job runs on
/// one of these threads with that thread's connection; its result comes back on the loop thread. Jobs are
/// handed to the writer once per turn of the loop. The writer takes all that wait, runs each in a savepoint
/// of its own, commits once, and only then reports any of them done: what was answered is on disk (TRUST.md
/// §4.7). A job that fails rolls back alone; when SQLite ended the whole transaction (disk full, I/O error)
/// every job of the group fails.
class Database {
public:
    /// Opens (and creates) the file, recovers its WAL and applies the migrations. A file of a newer schema is
    /// refused.
    static Result<std::unique_ptr<Database>> open(Loop& loop, DatabaseOptions options,
                                                  std::span<const Migration> migrations, Metrics& metrics);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs `job(connection)` on the writer; R is what it returns inside Result<R>. It may run at most once.
    /// Resumes after the commit. unavailable when the queue is full. Loop thread.
    template <class R>
    Task<Result<R>> write(std::function<Result<R>(Connection&)> job);
    /// Likewise on a reader, which sees the last commit.
    template <class R>
    Task<Result<R>> read(std::function<Result<R>(Connection&)> job);
    /// Runs `job` on the writer, from a worker thread (never the loop), and waits for its commit.
    template <class R>
    Result<R> write_blocking(std::function<Result<R>(Connection&)> job);

    /// Ends the threads after the jobs they have. No call may follow. Loop thread.
    void close();

private:
    class Impl;
    explicit Database(std::unique_ptr<Impl> impl);

    /// A job with its place for the result; `done` runs on the loop thread (write, read) or the writer
    /// (blocking).
    struct Work {
        std::function<std::optional<Error>(Connection&)> run;  ///< an error rolls the savepoint back
        std::function<void(std::optional<Error>)> done;        ///< with the job's error or the commit's
    };
    void submit_write(Work work);
    void submit_read(Work work);
    void submit_write_from_worker(Work work);

    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::sqlite
