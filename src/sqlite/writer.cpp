#include "sqlite/writer.hpp"

#include "ping/core/log.hpp"
#include "sqlite/delivery.hpp"
#include "sqlite/errors.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace ping::sqlite {

Writer::Writer(Loop& loop, std::unique_ptr<Connection> connection, std::size_t bound, Metrics& metrics)
    : loop_(loop),
      connection_(std::move(connection)),
      bound_(bound),
      groups_(metrics.counter("ping_db_groups_total", "Write transactions begun.")),
      jobs_(metrics.counter("ping_db_group_jobs_total", "Jobs in them; divided by the groups: their size.")),
      failed_groups_(
          metrics.counter("ping_db_failed_groups_total", "Write transactions that failed as a whole.")),
      commit_seconds_(metrics.histogram("ping_db_commit_seconds", "Time of a COMMIT, its fsync included.")),
      thread_([this] { run(); }) {}

bool Writer::reserve() {
    if (depth_->fetch_add(1) >= bound_) {
        depth_->fetch_sub(1);
        return false;
    }
    return true;
}

void Writer::submit(Works works) {
    {
        const std::scoped_lock lock(mutex_);
        if (!is_closing_) {
            std::ranges::move(works, std::back_inserter(queue_));
            works.clear();
        }
    }
    if (works.empty()) {
        has_works_.notify_one();
        return;
    }
    for (const auto& work : works) {
        work->fail(errors::unavailable("The database is closed"));
    }
    depth_->fetch_sub(works.size());
    deliver(loop_, std::move(works));
}

void Writer::close() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    has_works_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Writer::run() {
    while (true) {
        Works works = wait_for_works();
        if (works.empty()) {
            return;
        }
        for (std::size_t first = 0; first < works.size(); first += jobs_per_group) {
            const auto count = std::min(jobs_per_group, works.size() - first);
            const auto group = Group(works).subspan(first, count);
            run_group(group);
            depth_->fetch_sub(count);
            deliver(loop_, Works(std::move_iterator(group.begin()), std::move_iterator(group.end())));
        }
    }
}

Works Writer::wait_for_works() {
    std::unique_lock lock(mutex_);
    has_works_.wait(lock, [this] { return !queue_.empty() || is_closing_; });
    return std::exchange(queue_, {});
}

void Writer::run_group(Group group) {
    groups_.add();
    jobs_.add(group.size());
    try {
        connection_->prepare("BEGIN IMMEDIATE").run();
        if (!run_jobs(group)) {
            connection_->prepare("ROLLBACK").run();
            connection_->prepare("BEGIN IMMEDIATE").run();
            run_jobs_apart(group);
        }
        commit();
    } catch (const SqliteFailure& failure) {
        roll_back(group, to_error(failure));
    }
}

bool Writer::run_jobs(Group group) {
    for (const auto& work : group) {
        const auto changes_before = sqlite3_total_changes(connection_->handle());
        const bool has_succeeded = run_guarded(*work, *connection_);
        if (!has_succeeded && sqlite3_total_changes(connection_->handle()) != changes_before) {
            return false;
        }
    }
    return true;
}

void Writer::run_jobs_apart(Group group) {
    for (const auto& work : group) {
        connection_->prepare("SAVEPOINT job").run();
        const bool has_succeeded = run_guarded(*work, *connection_);
        if (!has_succeeded) {
            connection_->prepare("ROLLBACK TO job").run();
        }
        connection_->prepare("RELEASE job").run();
    }
}

void Writer::commit() {
    const auto& clock = loop_.clock();
    const auto started = clock.steady_now();
    connection_->prepare("COMMIT").run();
    commit_seconds_.observe(std::chrono::duration<double>(clock.steady_now() - started).count());
}

void Writer::roll_back(Group group, const Error& error) {
    failed_groups_.add();
    log::error("db.group_failed", {{"jobs", group.size()}, {"detail", error.detail}});
    roll_back_open(*connection_);
    for (const auto& work : group) {
        work->fail(error);
    }
}

}  // namespace ping::sqlite
