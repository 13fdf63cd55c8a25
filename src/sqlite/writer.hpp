#pragma once

#include "ping/core/metrics.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/sqlite/work.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

namespace ping::sqlite {

/// The thread that owns the writing connection: takes all that waits, runs it as one transaction (at most
/// `jobs_per_group` jobs, so that one answer does not wait for thousands), commits, then reports.
class Writer {
public:
    static constexpr std::size_t jobs_per_group = 512;

    Writer(Loop& loop, std::unique_ptr<Connection> connection, std::size_t bound, Metrics& metrics);
    ~Writer() { close(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Takes a place in the queue for a work that will be submitted. False when it is full. Any thread.
    bool reserve();
    /// Hands over works that have their place. After `close` they fail. Any thread.
    void submit(Works works);
    /// Ends the thread after the works it has. Loop thread.
    void close();
    /// Works that have a place and are not finished. Shared with a gauge that outlives the writer.
    std::shared_ptr<const std::atomic<std::size_t>> depth() const { return depth_; }

private:
    using Group = std::span<std::unique_ptr<Work>>;

    void run();
    Works wait_for_works();
    void run_group(Group group);
    /// Without savepoints, because within one SQLite copies every page before a job first changes it. False:
    /// a job failed after it had changed something, and the group must start again.
    bool run_jobs(Group group);
    /// Each in a savepoint of its own: one that fails rolls back alone.
    void run_jobs_apart(Group group);
    void commit();
    void roll_back(Group group, const Error& error);

    Loop& loop_;
    std::unique_ptr<Connection> connection_;
    const std::size_t bound_;
    Counter& groups_;
    Counter& jobs_;
    Counter& failed_groups_;
    Histogram& commit_seconds_;
    std::shared_ptr<std::atomic<std::size_t>> depth_ = std::make_shared<std::atomic<std::size_t>>(0);

    std::mutex mutex_;
    std::condition_variable has_works_;
    Works queue_;              ///< by mutex_
    bool is_closing_ = false;  ///< by mutex_
    std::thread thread_;
};

}  // namespace ping::sqlite
