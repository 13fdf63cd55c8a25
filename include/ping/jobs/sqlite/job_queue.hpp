#pragma once

#include "ping/core/clock.hpp"
#include "ping/crypto/hmac.hpp"
#include "ping/crypto/random.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/sqlite/database.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace ping::jobs {

struct SqliteQueueOptions {
    std::string name;                 ///< e.g. "send-otp"
    std::size_t max_length = 10'000;  ///< jobs waiting or being worked on; publishing more is `unavailable`
};

/// Both ends of one queue in the SQLite file: at-least-once, attempts counted durably; what was published
/// since the start comes first, in its order, then the rest, oldest due first. A second publish of a message
/// id that is still there changes nothing. Bodies are sealed; one that none of the keys unseals goes to the
/// dead letters. The newest 10,000 dead letters are kept.
class SqliteJobQueue final : public JobEngine {
public:
    /// Frees what a process that ended held: the file has one owner and the queue one consumer. Before the
    /// loop runs. The database (with the tables of storage::schema()), clock and rng outlive it.
    static Result<std::unique_ptr<SqliteJobQueue>> open(sqlite::Database& database, const Clock& clock,
                                                        Rng& rng, crypto::KeyRing keys,
                                                        SqliteQueueOptions options);
    ~SqliteJobQueue() override;
    SqliteJobQueue(const SqliteJobQueue&) = delete;
    SqliteJobQueue& operator=(const SqliteJobQueue&) = delete;

    Task<Result<void>> publish(Job job) override;

    Result<std::vector<Delivery>> take(const TakeLimits& limits) override;
    Result<void> ack(const std::vector<DeliveryTag>& tags) override;
    Result<void> retry(const DeliveryTag& tag, std::chrono::milliseconds delay) override;
    Result<void> bury(const DeliveryTag& tag, const std::string& redacted) override;
    int ready_fd() override;
    std::optional<Time> next_due() override;

private:
    class Impl;
    explicit SqliteJobQueue(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::jobs
