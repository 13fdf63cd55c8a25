#pragma once

#include "ping/runtime/loop.hpp"
#include "ping/sqlite/work.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ping::sqlite {

/// Threads that read, each with a connection of its own, from one bounded queue.
class Readers {
public:
    Readers(Loop& loop, std::vector<std::unique_ptr<Connection>> connections, std::size_t bound);
    ~Readers() { close(); }
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    /// Queues the work; fails it when the queue is full or closed. Loop thread.
    void submit(std::unique_ptr<Work> work);
    /// Makes the reads that are running fail soon. Loop thread; before `close`.
    void interrupt();
    /// Ends the threads after the works they have. Loop thread.
    void close();
    /// Works that wait. Shared with a gauge that outlives the readers.
    std::shared_ptr<const std::atomic<std::size_t>> depth() const { return depth_; }

private:
    void run(Connection& connection);
    std::unique_ptr<Work> wait_for_work();
    bool enqueue(std::unique_ptr<Work>& work);

    Loop& loop_;
    std::vector<std::unique_ptr<Connection>> connections_;
    const std::size_t bound_;
    std::shared_ptr<std::atomic<std::size_t>> depth_ = std::make_shared<std::atomic<std::size_t>>(0);

    std::mutex mutex_;
    std::condition_variable has_work_;
    std::deque<std::unique_ptr<Work>> queue_;  ///< by mutex_
    bool is_closing_ = false;                  ///< by mutex_
    std::vector<std::thread> threads_;
};

}  // namespace ping::sqlite
