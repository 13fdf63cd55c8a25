#include "sqlite/readers.hpp"

#include "sqlite/delivery.hpp"
#include "sqlite/errors.hpp"

#include <sqlite3.h>

namespace ping::sqlite {
namespace {

void deliver_one(Loop& loop, std::unique_ptr<Work> work) {
    Works works;
    works.push_back(std::move(work));
    deliver(loop, std::move(works));
}

/// In one transaction, so that a job of several statements sees one state of the file.
void read(Work& work, Connection& connection) {
    try {
        connection.prepare("BEGIN").run();
        run_guarded(work, connection);
        connection.prepare("COMMIT").run();
    } catch (const SqliteFailure& failure) {
        work.fail(to_error(failure));
        roll_back_open(connection);
    }
}

}  // namespace

Readers::Readers(Loop& loop, std::vector<std::unique_ptr<Connection>> connections, std::size_t bound)
    : loop_(loop), connections_(std::move(connections)), bound_(bound) {
    for (const auto& connection : connections_) {
        threads_.emplace_back([this, &own = *connection] { run(own); });
    }
}

void Readers::submit(std::unique_ptr<Work> work) {
    if (enqueue(work)) {
        has_work_.notify_one();
        return;
    }
    work->fail(errors::unavailable("The database is busy"));
    deliver_one(loop_, std::move(work));
}

bool Readers::enqueue(std::unique_ptr<Work>& work) {
    const std::scoped_lock lock(mutex_);
    if (is_closing_ || queue_.size() >= bound_) {
        return false;
    }
    queue_.push_back(std::move(work));
    depth_->store(queue_.size());
    return true;
}

void Readers::interrupt() {
    for (const auto& connection : connections_) {
        ::sqlite3_interrupt(connection->handle());  // the one call that any thread may make
    }
}

void Readers::close() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    has_work_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Readers::run(Connection& connection) {
    while (auto work = wait_for_work()) {
        read(*work, connection);
        deliver_one(loop_, std::move(work));
    }
}

std::unique_ptr<Work> Readers::wait_for_work() {
    std::unique_lock lock(mutex_);
    has_work_.wait(lock, [this] { return !queue_.empty() || is_closing_; });
    if (queue_.empty()) {
        return nullptr;
    }
    auto work = std::move(queue_.front());
    queue_.pop_front();
    depth_->store(queue_.size());
    return work;
}

}  // namespace ping::sqlite
