#include "jobs/sqlite/job_rows.hpp"

#include <boost/json.hpp>

namespace ping::jobs {
namespace {

using sqlite::Connection;

constexpr std::int64_t dead_jobs_kept = 10'000;

std::string headers_to_text(const std::map<std::string, std::string>& headers) {
    boost::json::object object;
    for (const auto& [name, value] : headers) {
        object[name] = value;
    }
    return boost::json::serialize(object);
}

std::map<std::string, std::string> headers_from_text(const std::string& text) {
    std::map<std::string, std::string> headers;
    boost::system::error_code error;
    const auto value = boost::json::parse(text, error);
    if (const auto* const object = value.if_object(); !error && object != nullptr) {
        for (const auto& [name, header] : *object) {
            if (header.is_string()) {
                headers.emplace(name, header.get_string());
            }
        }
    }
    return headers;
}

std::vector<JobRow> find_due(Connection& connection, const std::string& queue, Time now, std::size_t max) {
    auto query = connection.prepare(
        "SELECT number, attempts, message_id, body, headers, created_at, expires_at FROM jobs"
        " WHERE queue = ? AND lease IS NULL AND due_at <= ? ORDER BY due_at, number LIMIT ?");
    query.bind(queue).bind(now).bind(static_cast<std::int64_t>(max));
    std::vector<JobRow> rows;
    while (query.step()) {
        auto& row = rows.emplace_back();
        row.number = query.integer(0);
        row.attempts = static_cast<int>(query.integer(1)) + 1;
        row.job.message_id = query.text(2);
        row.job.body = query.blob(3);
        row.job.headers = headers_from_text(query.text(4));
        row.job.created_at = query.time(5);
        row.job.expires_at = query.optional_time(6);
    }
    return rows;
}

std::optional<Time> find_next_due(Connection& connection, const std::string& queue) {
    auto query = connection.prepare("SELECT min(due_at) FROM jobs WHERE queue = ? AND lease IS NULL");
    query.bind(queue);
    return query.step() ? query.optional_time(0) : std::nullopt;
}

}  // namespace

bool insert_job(Connection& connection, const std::string& queue, const Job& job, Time due) {
    connection
        .prepare(
            "INSERT INTO jobs (queue, message_id, body, headers, due_at, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (queue, message_id) DO NOTHING")
        .bind(queue)
        .bind(job.message_id)
        .bind_blob(job.body)
        .bind(headers_to_text(job.headers))
        .bind(due)
        .bind(job.created_at)
        .bind(job.expires_at)
        .run();
    return connection.changes() == 1;
}

DueJobs lease_due(Connection& connection, const std::string& queue, std::int64_t lease, Time now,
                  std::size_t max) {
    DueJobs due;
    due.rows = find_due(connection, queue, now, max);
    for (const auto& row : due.rows) {
        connection.prepare("UPDATE jobs SET lease = ?, attempts = attempts + 1 WHERE number = ?")
            .bind(lease)
            .bind(row.number)
            .run();
    }
    due.next_due = find_next_due(connection, queue);
    return due;
}

bool delete_job(Connection& connection, const LeasedRow& row) {
    connection.prepare("DELETE FROM jobs WHERE number = ? AND queue = ? AND lease = ?")
        .bind(row.number)
        .bind(row.queue)
        .bind(row.lease)
        .run();
    return connection.changes() == 1;
}

bool postpone_job(Connection& connection, const LeasedRow& row, Time due) {
    connection
        .prepare("UPDATE jobs SET lease = NULL, due_at = ? WHERE number = ? AND queue = ? AND lease = ?")
        .bind(due)
        .bind(row.number)
        .bind(row.queue)
        .bind(row.lease)
        .run();
    return connection.changes() == 1;
}

bool bury_job(Connection& connection, const LeasedRow& row, const std::string& redacted, Time now) {
    connection
        .prepare(
            "INSERT INTO dead_jobs (queue, message_id, redacted, attempts, created_at, buried_at)"
            " SELECT queue, message_id, ?, attempts, created_at, ? FROM jobs"
            " WHERE number = ? AND queue = ? AND lease = ?")
        .bind(redacted)
        .bind(now)
        .bind(row.number)
        .bind(row.queue)
        .bind(row.lease)
        .run();
    if (connection.changes() != 1) {
        return false;
    }
    connection.prepare("DELETE FROM dead_jobs WHERE queue = ? AND number <= ?")
        .bind(row.queue)
        .bind(connection.last_insert_number() - dead_jobs_kept)
        .run();
    return delete_job(connection, row);
}

std::size_t release_all(Connection& connection, const std::string& queue) {
    connection.prepare("UPDATE jobs SET lease = NULL WHERE queue = ? AND lease IS NOT NULL")
        .bind(queue)
        .run();
    auto query = connection.prepare("SELECT count(*) FROM jobs WHERE queue = ?");
    query.bind(queue);
    return query.step() ? static_cast<std::size_t>(query.integer(0)) : 0;
}

}  // namespace ping::jobs
