#pragma once

#include "ping/core/error.hpp"
#include "ping/core/exception_text.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ping {

/// Threads for what blocks and is no database: files and child processes. Jobs start in the order in which
/// they were given. The loop outlives the pool.
class WorkerPool {
public:
    /// At most `queue` jobs wait for one of `threads` threads.
    WorkerPool(Loop& loop, std::size_t threads, std::size_t queue);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Runs `job` on one of the threads, starting when the task is awaited; resumes on the loop with its
    /// result. It cannot be cancelled: what it uses must live until then. unavailable when the queue is full,
    /// internal when the job throws. Loop thread.
    template <class R>
    Task<Result<R>> run(std::function<Result<R>()> job) {
        // Not a coroutine: g++ 12 is only safe with async_initiate outside of one.
        using Token = boost::asio::use_awaitable_t<Executor>;
        return boost::asio::async_initiate<const Token, void(Result<R>)>(
            [this](auto handler, std::function<Result<R>()> body) {
                using Handler = std::decay_t<decltype(handler)>;
                submit(std::make_unique<AwaitedJob<R, Handler>>(std::move(body), std::move(handler)));
            },
            Token(), std::move(job));
    }
    /// Runs `job` without anybody waiting, and never refuses it: for cleaning up, at most once for each job
    /// of `run` that has made something. What it throws is logged. Any thread; after `close` it runs at once.
    void clean_up(std::function<void()> job);
    /// Ends the threads after the jobs they have; later ones are refused. Loop thread.
    void close();

private:
    class Job {
    public:
        Job() = default;
        virtual ~Job() = default;
        Job(const Job&) = delete;
        Job& operator=(const Job&) = delete;
        virtual void run() = 0;  ///< on a thread of the pool
        virtual void refuse(const Error& error) = 0;
        /// Hands the result over, on the loop; false when nobody waits for one.
        virtual bool is_awaited() const { return true; }
        virtual void finish() = 0;
    };

    template <class R, class Handler>
    class AwaitedJob final : public Job {
    public:
        AwaitedJob(std::function<Result<R>()> body, Handler handler)
            : body_(std::move(body)), handler_(std::move(handler)) {}
        void run() override {
            try {
                result_.emplace(body_());
            } catch (...) {
                result_.emplace(errors::internal("worker: " + exception_text()));
            }
        }
        void refuse(const Error& error) override { result_.emplace(error); }
        void finish() override { std::move(handler_)(std::move(*result_)); }

    private:
        std::function<Result<R>()> body_;
        Handler handler_;
        std::optional<Result<R>> result_;
    };
    class UnawaitedJob;

    void submit(std::unique_ptr<Job> job);
    bool enqueue(std::unique_ptr<Job>& job, std::size_t bound);
    void deliver(std::unique_ptr<Job> job);
    void work();
    std::unique_ptr<Job> wait_for_job();

    Loop& loop_;
    const std::size_t bound_;
    std::mutex mutex_;
    std::condition_variable has_job_;
    std::deque<std::unique_ptr<Job>> queue_;
    bool is_closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace ping
