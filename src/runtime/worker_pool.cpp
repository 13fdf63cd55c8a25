#include "ping/runtime/worker_pool.hpp"

#include "ping/core/log.hpp"

#include <limits>

namespace ping {

class WorkerPool::UnawaitedJob final : public Job {
public:
    explicit UnawaitedJob(std::function<void()> body) : body_(std::move(body)) {}
    void run() override {
        try {
            body_();
        } catch (...) {
            log::error("worker.failed", {{"what", exception_text()}});
        }
    }
    void refuse(const Error& /*error*/) override {}
    bool is_awaited() const override { return false; }
    void finish() override {}

private:
    std::function<void()> body_;
};

WorkerPool::WorkerPool(Loop& loop, std::size_t threads, std::size_t queue) : loop_(loop), bound_(queue) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

WorkerPool::~WorkerPool() {
    close();
}

void WorkerPool::submit(std::unique_ptr<Job> job) {
    if (enqueue(job, bound_)) {
        has_job_.notify_one();
        return;
    }
    job->refuse(errors::unavailable("The server is busy"));
    deliver(std::move(job));
}

void WorkerPool::clean_up(std::function<void()> job) {
    std::unique_ptr<Job> unawaited = std::make_unique<UnawaitedJob>(std::move(job));
    if (enqueue(unawaited, std::numeric_limits<std::size_t>::max())) {
        has_job_.notify_one();
    } else {
        unawaited->run();
    }
}

bool WorkerPool::enqueue(std::unique_ptr<Job>& job, std::size_t bound) {
    const std::scoped_lock lock(mutex_);
    if (is_closing_ || queue_.size() >= bound) {
        return false;
    }
    queue_.push_back(std::move(job));
    return true;
}

void WorkerPool::deliver(std::unique_ptr<Job> job) {
    loop_.post([done = std::move(job)] { done->finish(); });
}

void WorkerPool::close() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    has_job_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void WorkerPool::work() {
    while (auto job = wait_for_job()) {
        job->run();
        if (job->is_awaited()) {
            deliver(std::move(job));
        }
    }
}

std::unique_ptr<WorkerPool::Job> WorkerPool::wait_for_job() {
    std::unique_lock lock(mutex_);
    has_job_.wait(lock, [this] { return !queue_.empty() || is_closing_; });
    if (queue_.empty()) {
        return nullptr;
    }
    auto job = std::move(queue_.front());
    queue_.pop_front();
    return job;
}

}  // namespace ping
