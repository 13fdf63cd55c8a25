#pragma once

#include "ping/jobs/job_queue.hpp"
#include "ping/sqlite/statement.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ping::jobs {

/// A job as its row holds it: the body is sealed.
struct JobRow {
    std::int64_t number = 0;
    int attempts = 0;
    Job job;
};

/// A job to be stored.
struct NewRow {
    const std::string& queue;
    const Job& job;
    const std::string& sealed_body;  ///< in the place of the job's own
    Time due;
    std::optional<std::int64_t> lease;  ///< the consumer that holds it from the start; this is its first try
};

/// Its number; nothing when the message id is in the queue already.
using InsertedRow = std::optional<std::int64_t>;

/// What a consumer asks for.
struct LeaseRequest {
    const std::string& queue;
    std::int64_t lease = 0;
    Time now;
    TakeLimits limits;
    std::int64_t newest = 0;
};

/// Names the row that a consumer holds.
struct LeasedRow {
    const std::string& queue;
    std::int64_t number;
    std::int64_t lease;
};

/// What one look at the queue found: rows that are leased now, and what is left.
struct DueJobs {
    std::vector<JobRow> rows;
    std::optional<Time> next_due;  ///< of those left
    bool may_be_more = false;      ///< the limits ended the search
    std::int64_t newest = 0;       ///< up to here every row was leased once
};

/// What a queue holds when a consumer takes it over.
struct Released {
    std::size_t length = 0;
    std::int64_t newest = 0;  ///< the highest number
};

/// All of them run within a write job.
InsertedRow insert_job(sqlite::Connection& connection, const NewRow& row);
/// First the rows after `newest`, which nobody has leased, in their order; then those that are due, by time.
/// To be called again with the `newest` that it gave.
DueJobs lease_due(sqlite::Connection& connection, const LeaseRequest& request);
/// The next three: false when the consumer does not hold the row (any more).
bool delete_job(sqlite::Connection& connection, const LeasedRow& row);
bool postpone_job(sqlite::Connection& connection, const LeasedRow& row, Time due);
bool bury_job(sqlite::Connection& connection, const LeasedRow& row, const std::string& redacted, Time now);
/// Frees all rows of the queue.
Released release_all(sqlite::Connection& connection, const std::string& queue);

}  // namespace ping::jobs
