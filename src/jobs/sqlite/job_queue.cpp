#include "ping/jobs/sqlite/job_queue.hpp"

#include "jobs/sqlite/job_rows.hpp"
#include "jobs/sqlite/ready_signal.hpp"
#include "ping/core/log.hpp"
#include "ping/crypto/seal.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace ping::jobs {
namespace {

using sqlite::Connection;

std::int64_t make_lease(Rng& rng) {
    std::array<std::uint8_t, sizeof(std::int64_t)> bytes{};
    rng.fill(bytes);
    std::int64_t lease = 0;
    std::memcpy(&lease, bytes.data(), bytes.size());
    return lease;
}

}  // namespace

class SqliteJobQueue::Impl {
public:
    Impl(sqlite::Database& database, const Clock& clock, Rng& rng, const crypto::Key& key,
         SqliteQueueOptions options)
        : database_(database),
          clock_(clock),
          rng_(rng),
          key_(key),
          options_(std::move(options)),
          lease_(make_lease(rng)) {}

    Result<void> release() {
        const auto count =
            database_.write_blocking<std::size_t>([this](Connection& connection) -> Result<std::size_t> {
                return release_all(connection, options_.name);
            });
        if (!count) {
            return count.error();
        }
        length_ = *count;
        ready_.set();
        return ok();
    }

    Task<Result<void>> publish(Job job) {
        if (length_.fetch_add(1) >= options_.max_length) {
            length_.fetch_sub(1);
            co_return errors::unavailable("The queue is full", "queue_full");
        }
        job.body = crypto::seal(key_, job.body, context_of(job.message_id), rng_);
        const std::function<Result<bool>(Connection&)> insert =
            [this, sealed = std::move(job), due = clock_.now()](Connection& connection) -> Result<bool> {
            return insert_job(connection, options_.name, sealed, due);
        };
        const auto is_new = co_await database_.write<bool>(insert);
        if (!is_new || !*is_new) {
            length_.fetch_sub(1);
        }
        if (!is_new) {
            co_return is_new.error();
        }
        ready_.set();
        co_return ok();
    }

    Result<std::vector<Delivery>> take(std::size_t max) {
        // First of all: what is published from here on sets it again.
        ready_.clear();
        auto due = database_.write_blocking<DueJobs>([this, max](Connection& connection) -> Result<DueJobs> {
            return lease_due(connection, options_.name, lease_, clock_.now(), max);
        });
        if (!due) {
            ready_.set();
            return due.error();
        }
        next_due_ = due->next_due;
        if (due->rows.size() == max) {
            ready_.set();
        }
        std::vector<Delivery> deliveries;
        for (auto& row : due->rows) {
            if (auto delivery = open_sealed(std::move(row))) {
                deliveries.push_back(std::move(*delivery));
            }
        }
        return deliveries;
    }

    Result<void> ack(const DeliveryTag& tag) {
        return finish(
            tag, [](Connection& connection, const LeasedRow& row) { return delete_job(connection, row); });
    }

    Result<void> bury(const DeliveryTag& tag, const std::string& redacted) {
        return finish(tag, [&](Connection& connection, const LeasedRow& row) {
            return bury_job(connection, row, redacted, clock_.now());
        });
    }

    Result<void> retry(const DeliveryTag& tag, std::chrono::milliseconds delay) {
        const Time due = clock_.now() + delay;
        const auto has_moved = database_.write_blocking<bool>([&](Connection& connection) -> Result<bool> {
            return postpone_job(connection, leased_row(tag), due);
        });
        if (!has_moved) {
            return has_moved.error();
        }
        if (*has_moved) {
            next_due_ = std::min(next_due_.value_or(due), due);
        }
        if (delay <= std::chrono::milliseconds(0)) {
            ready_.set();
        }
        return ok();
    }

    int ready_fd() const { return ready_.descriptor(); }
    std::optional<Time> next_due() const { return next_due_; }

private:
    std::string context_of(const std::string& message_id) const { return options_.name + '\n' + message_id; }

    LeasedRow leased_row(const DeliveryTag& tag) const {
        return {options_.name, tag.number, static_cast<std::int64_t>(tag.epoch)};
    }

    /// A tag of another consumer names no row: nothing changes then.
    Result<void> finish(const DeliveryTag& tag,
                        const std::function<bool(Connection&, const LeasedRow&)>& remove) {
        const auto is_gone = database_.write_blocking<bool>(
            [&](Connection& connection) -> Result<bool> { return remove(connection, leased_row(tag)); });
        if (!is_gone) {
            return is_gone.error();
        }
        if (*is_gone) {
            length_.fetch_sub(1);
        }
        return ok();
    }

    /// Nothing, and a dead letter, when the body was sealed by another key: no later try could read it.
    std::optional<Delivery> open_sealed(JobRow row) {
        const DeliveryTag tag{static_cast<std::uint64_t>(lease_), row.number};
        auto body = crypto::unseal(key_, row.job.body, context_of(row.job.message_id));
        if (body) {
            row.job.body = std::move(*body);
            return Delivery{tag, std::move(row.job), row.attempts};
        }
        log::warn("jobs.unreadable", {{"queue", options_.name}, {"id", row.job.message_id}});
        if (const auto buried = bury(tag, R"({"reason":"unreadable"})"); !buried) {
            log::error("jobs.bury_failed", {{"queue", options_.name}, {"detail", buried.error().detail}});
        }
        return std::nullopt;
    }

    sqlite::Database& database_;
    const Clock& clock_;
    Rng& rng_;
    const crypto::Key key_;
    const SqliteQueueOptions options_;
    const std::int64_t lease_;            ///< this consumer's
    std::atomic<std::size_t> length_{0};  ///< rows, and publishes under way
    ReadySignal ready_;
    std::optional<Time> next_due_;  ///< worker thread
};

Result<std::unique_ptr<SqliteJobQueue>> SqliteJobQueue::open(sqlite::Database& database, const Clock& clock,
                                                             Rng& rng, const crypto::Key& key,
                                                             SqliteQueueOptions options) {
    auto impl = std::make_unique<Impl>(database, clock, rng, key, std::move(options));
    if (const auto released = impl->release(); !released) {
        return released.error();
    }
    return std::unique_ptr<SqliteJobQueue>(new SqliteJobQueue(std::move(impl)));
}

SqliteJobQueue::SqliteJobQueue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteJobQueue::~SqliteJobQueue() = default;

Task<Result<void>> SqliteJobQueue::publish(Job job) {
    return impl_->publish(std::move(job));
}
Result<std::vector<Delivery>> SqliteJobQueue::take(std::size_t max) {
    return impl_->take(max);
}
Result<void> SqliteJobQueue::ack(const DeliveryTag& tag) {
    return impl_->ack(tag);
}
Result<void> SqliteJobQueue::retry(const DeliveryTag& tag, std::chrono::milliseconds delay) {
    return impl_->retry(tag, delay);
}
Result<void> SqliteJobQueue::bury(const DeliveryTag& tag, const std::string& redacted) {
    return impl_->bury(tag, redacted);
}
int SqliteJobQueue::ready_fd() {
    return impl_->ready_fd();
}
std::optional<Time> SqliteJobQueue::next_due() {
    return impl_->next_due();
}

}  // namespace ping::jobs
