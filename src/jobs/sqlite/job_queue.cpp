#include "ping/jobs/sqlite/job_queue.hpp"

#include "jobs/sqlite/handover.hpp"
#include "jobs/sqlite/job_rows.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"
#include "ping/crypto/seal.hpp"
#include "ping/runtime/ready_signal.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
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
    Impl(sqlite::Database& database, const Clock& clock, Rng& rng, crypto::KeyRing keys,
         SqliteQueueOptions options)
        : database_(database),
          clock_(clock),
          rng_(rng),
          keys_(std::move(keys)),
          options_(std::move(options)),
          lease_(make_lease(rng)) {}

    Result<void> release() {
        const auto released =
            database_.write_blocking<Released>([this](Connection& connection) -> Result<Released> {
                return release_all(connection, options_.name);
            });
        if (!released) {
            return released.error();
        }
        length_ = released->length;
        newest_ = released->newest;
        has_free_rows_ = true;
        ready_.set();
        return ok();
    }

    Task<Result<void>> publish(Job job) {
        if (length_.fetch_add(1) >= options_.max_length) {
            length_.fetch_sub(1);
            co_return errors::unavailable("The queue is full", "queue_full");
        }
        auto sealed_body = crypto::seal(keys_.front(), job.body, context_of(job.message_id), rng_);
        // Of the row's writer, then of the consumer.
        const auto shared = std::make_shared<Job>(std::move(job));
        // Not past rows that wait in the file: what is older goes first.
        const bool is_handed = !has_free_rows_ && handover_.reserve();
        const std::optional<std::int64_t> lease = is_handed ? std::optional(lease_) : std::nullopt;
        const std::function<Result<InsertedRow>(Connection&)> insert =
            [this, shared, sealed_body = std::move(sealed_body), due = clock_.now(),
             lease](Connection& connection) -> Result<InsertedRow> {
            const auto row = insert_job(connection, {options_.name, *shared, sealed_body, due, lease});
            PING_FAILPOINT(O2);
            return row;
        };
        const auto inserted = co_await database_.write<InsertedRow>(insert);
        if (inserted && *inserted && is_handed) {
            handover_.fill({{static_cast<std::uint64_t>(lease_), **inserted}, std::move(*shared), 1});
            ready_.set();
            co_return ok();
        }
        if (is_handed) {
            handover_.give_back();
        }
        if (!inserted || !*inserted) {
            length_.fetch_sub(1);
        }
        if (!inserted) {
            co_return inserted.error();
        }
        has_free_rows_ = true;
        ready_.set();
        co_return ok();
    }

    Result<std::vector<Delivery>> take(const TakeLimits& limits) {
        // First of all: what is published from here on sets it again.
        ready_.clear();
        bury_unreadable();
        auto [deliveries, is_all] = handover_.take(limits.all);
        const TakeLimits left{limits.all - deliveries.size(), limits.tried};
        const auto leased = is_all && may_lease(left) ? lease(left, deliveries) : ok();
        // For what was left behind: there was no room for it, or it could not be read.
        if (!is_all || has_free_rows_) {
            ready_.set();
        }
        if (!leased && deliveries.empty()) {
            return leased.error();
        }
        return deliveries;
    }

    Result<void> ack(const std::vector<DeliveryTag>& tags) {
        return finish([&](Connection& connection) {
            return std::ranges::count_if(
                tags, [&](const DeliveryTag& tag) { return delete_job(connection, leased_row(tag)); });
        });
    }

    Result<void> bury(const DeliveryTag& tag, const std::string& redacted) {
        return finish([&](Connection& connection) {
            return bury_job(connection, leased_row(tag), redacted, clock_.now()) ? 1 : 0;
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
            has_free_rows_ = true;
            ready_.set();
        }
        return ok();
    }

    int ready_fd() const { return ready_.descriptor(); }
    std::optional<Time> next_due() const { return next_due_; }

private:
    /// Whether a look into the file may find something.
    bool may_lease(const TakeLimits& limits) const {
        const bool is_due = next_due_ && *next_due_ <= clock_.now();
        return (limits.all > 0 && has_free_rows_) || (std::min(limits.all, limits.tried) > 0 && is_due);
    }

    Result<void> lease(const TakeLimits& limits, std::vector<Delivery>& deliveries) {
        // First of all, as above.
        has_free_rows_ = false;
        auto due = database_.write_blocking<DueJobs>([&](Connection& connection) -> Result<DueJobs> {
            return lease_due(connection, {options_.name, lease_, clock_.now(), limits, newest_});
        });
        if (!due) {
            has_free_rows_ = true;
            return due.error();
        }
        newest_ = due->newest;
        next_due_ = due->next_due;
        if (due->may_be_more) {
            has_free_rows_ = true;
        }
        for (auto& row : due->rows) {
            if (auto delivery = open_sealed(std::move(row))) {
                deliveries.push_back(std::move(*delivery));
            }
        }
        return ok();
    }

    std::string context_of(const std::string& message_id) const { return options_.name + '\n' + message_id; }

    LeasedRow leased_row(const DeliveryTag& tag) const {
        return {options_.name, tag.number, static_cast<std::int64_t>(tag.epoch)};
    }

    /// `remove` says how many rows it took away. A tag of another consumer names none: nothing changes then.
    Result<void> finish(const std::function<std::ptrdiff_t(Connection&)>& remove) {
        const auto removed = database_.write_blocking<std::ptrdiff_t>(
            [&](Connection& connection) -> Result<std::ptrdiff_t> { return remove(connection); });
        if (!removed) {
            return removed.error();
        }
        length_.fetch_sub(static_cast<std::size_t>(*removed));
        return ok();
    }

    /// Nothing, and a dead letter, when the body was sealed by another key: no later try could read it.
    std::optional<Delivery> open_sealed(JobRow row) {
        const DeliveryTag tag{static_cast<std::uint64_t>(lease_), row.number};
        for (const auto& key : keys_) {
            if (auto body = crypto::unseal(key, row.job.body, context_of(row.job.message_id))) {
                row.job.body = std::move(*body);
                return Delivery{tag, std::move(row.job), row.attempts};
            }
        }
        log::warn("jobs.unreadable", {{"queue", options_.name}, {"id", row.job.message_id}});
        unreadable_.push_back(tag);
        bury_unreadable();
        return std::nullopt;
    }

    /// What cannot be buried now is buried by a later `take`: nobody else holds its row.
    void bury_unreadable() {
        std::erase_if(unreadable_, [this](const DeliveryTag& tag) {
            const auto buried = bury(tag, R"({"reason":"unreadable"})");
            if (!buried) {
                log::error("jobs.bury_failed", {{"queue", options_.name}, {"detail", buried.error().detail}});
            }
            return buried.has_value();
        });
    }

    sqlite::Database& database_;
    const Clock& clock_;
    Rng& rng_;
    const crypto::KeyRing keys_;
    const SqliteQueueOptions options_;
    const std::int64_t lease_;            ///< this consumer's
    std::atomic<std::size_t> length_{0};  ///< rows, and publishes under way
    Handover handover_;
    std::atomic<bool> has_free_rows_{false};  ///< or may have: rows that nobody holds
    ReadySignal ready_;
    std::optional<Time> next_due_;         ///< worker thread
    std::int64_t newest_ = 0;              ///< up to here every row was leased once; worker thread
    std::vector<DeliveryTag> unreadable_;  ///< to be buried; worker thread
};

Result<std::unique_ptr<SqliteJobQueue>> SqliteJobQueue::open(sqlite::Database& database, const Clock& clock,
                                                             Rng& rng, crypto::KeyRing keys,
                                                             SqliteQueueOptions options) {
    auto impl = std::make_unique<Impl>(database, clock, rng, std::move(keys), std::move(options));
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
Result<std::vector<Delivery>> SqliteJobQueue::take(const TakeLimits& limits) {
    return impl_->take(limits);
}
Result<void> SqliteJobQueue::ack(const std::vector<DeliveryTag>& tags) {
    return impl_->ack(tags);
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
