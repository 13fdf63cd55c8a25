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

/// Names the row that a consumer holds.
struct LeasedRow {
    const std::string& queue;
    std::int64_t number;
    std::int64_t lease;
};

/// What one look at the queue found: rows that are leased now, and when the next of the others is due.
struct DueJobs {
    std::vector<JobRow> rows;
    std::optional<Time> next_due;
};

/// All of them run within a write job.
/// False when the message id is in the queue already.
bool insert_job(sqlite::Connection& connection, const std::string& queue, const Job& job, Time due);
DueJobs lease_due(sqlite::Connection& connection, const std::string& queue, std::int64_t lease, Time now,
                  std::size_t max);
/// The next three: false when the consumer does not hold the row (any more).
bool delete_job(sqlite::Connection& connection, const LeasedRow& row);
bool postpone_job(sqlite::Connection& connection, const LeasedRow& row, Time due);
bool bury_job(sqlite::Connection& connection, const LeasedRow& row, const std::string& redacted, Time now);
/// Frees all rows of the queue and counts them.
std::size_t release_all(sqlite::Connection& connection, const std::string& queue);

}  // namespace ping::jobs
