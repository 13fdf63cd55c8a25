#pragma once

#include "ping/core/error.hpp"
#include "ping/core/metrics.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/sqlite/statement.hpp"
#include "ping/sqlite/work.hpp"

#include <filesystem>
#include <functional>
#include <memory>
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
/// handed to the writer once per turn of the loop. The writer takes all that wait, runs them in one
/// transaction, commits once, and only then reports any of them done: what was answered is on disk (TRUST.md
/// §4.7). A job that fails rolls back alone: when it has changed something, the group starts again, each job
/// in a savepoint. When SQLite ended the whole transaction (disk full, I/O error) every job of the group
/// fails. A failed commit is never tried again: after a failed fsync nobody knows what is on disk.
class Database {
public:
    /// Opens (and creates, mode 0600) the file, recovers its WAL and applies the migrations. A file of a
    /// newer schema is refused (conflict, "schema_too_new"). Before the loop runs; the loop and `metrics`
    /// outlive the database.
    static Result<std::unique_ptr<Database>> open(Loop& loop, DatabaseOptions options,
                                                  std::span<const Migration> migrations, Metrics& metrics);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs `job(connection)` on the writer, starting when the task is awaited; R is what it returns inside
    /// Result<R>. It may run twice, the first time rolled back: it changes nothing but the database. Resumes
    /// after the commit. unavailable when the queue is full. Loop thread.
    template <class R>
    Task<Result<R>> write(std::function<Result<R>(Connection&)> job) {
        return start<R>(Lane::write, std::move(job));
    }
    /// Likewise on a reader, in one read transaction that sees the last commit.
    template <class R>
    Task<Result<R>> read(std::function<Result<R>(Connection&)> job) {
        return start<R>(Lane::read, std::move(job));
    }
    /// Runs `job` on the writer and waits for its commit. From a worker thread, or before the loop runs;
    /// never on the running loop. The wait has no deadline of its own, because the job may use the caller's
    /// frame: the writer ends every job it has accepted.
    template <class R>
    Result<R> write_blocking(std::function<Result<R>(Connection&)> job) {
        auto work = std::make_unique<BlockingWork<R>>(std::move(job));
        auto outcome = work->future();
        submit_write_from_worker(std::move(work));
        return outcome.get();
    }

    /// Reads through the whole file on a reader (0.3 s per million messages). internal, with what SQLite
    /// found as detail, when the file is damaged. Loop thread.
    Task<Result<void>> quick_check();

    /// Makes the reads that are running fail soon, so that a long one does not hold up a stop. Loop thread.
    void interrupt_reads();

    /// Ends the threads after the jobs they have; later ones fail with unavailable. Loop thread.
    void close();

private:
    class Impl;
    enum class Lane { read, write };
    explicit Database(std::shared_ptr<Impl> impl);

    // Not a coroutine: g++ 12 is only safe with async_initiate outside of one.
    template <class R>
    Task<Result<R>> start(Lane lane, std::function<Result<R>(Connection&)> job) {
        using Token = boost::asio::use_awaitable_t<Executor>;
        return boost::asio::async_initiate<const Token, void(Result<R>)>(
            [this](auto handler, Lane to, std::function<Result<R>(Connection&)> body) {
                using Handler = std::decay_t<decltype(handler)>;
                submit(to, std::make_unique<AwaitedWork<R, Handler>>(std::move(body), std::move(handler)));
            },
            Token(), lane, std::move(job));
    }
    void submit(Lane lane, std::unique_ptr<Work> work);
    void submit_write_from_worker(std::unique_ptr<Work> work);

    std::shared_ptr<Impl> impl_;
};

}  // namespace ping::sqlite
