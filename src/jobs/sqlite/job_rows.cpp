#include "jobs/sqlite/job_rows.hpp"

#include "ping/core/failpoint.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>

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

std::vector<JobRow> read_rows(sqlite::Statement& query) {
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

/// By the row's number (the `+` keeps the planner from the index of the queue): each new row is looked at
/// once, however many wait for a later try.
std::vector<JobRow> find_new(Connection& connection, const LeaseRequest& request) {
    auto query = connection.prepare(
        "SELECT number, attempts, message_id, body, headers, created_at, expires_at FROM jobs"
        " WHERE number > ? AND +queue = ? AND lease IS NULL AND attempts = 0 ORDER BY number LIMIT ?");
    query.bind(request.newest).bind(request.queue).bind(static_cast<std::int64_t>(request.limits.all));
    return read_rows(query);
}

std::vector<JobRow> find_due(Connection& connection, const LeaseRequest& request, std::size_t most) {
    auto query = connection.prepare(
        "SELECT number, attempts, message_id, body, headers, created_at, expires_at FROM jobs"
        " WHERE queue = ? AND lease IS NULL AND due_at <= ? ORDER BY due_at, number LIMIT ?");
    query.bind(request.queue).bind(request.now).bind(static_cast<std::int64_t>(most));
    return read_rows(query);
}

void lease_rows(Connection& connection, const LeaseRequest& request, const std::vector<JobRow>& rows) {
    for (const auto& row : rows) {
        connection.prepare("UPDATE jobs SET lease = ?, attempts = attempts + 1 WHERE number = ?")
            .bind(request.lease)
            .bind(row.number)
            .run();
    }
}

std::int64_t highest_number(Connection& connection) {
    auto query = connection.prepare("SELECT max(number) FROM jobs");
    return query.step() ? query.integer(0) : 0;
}

std::optional<Time> find_next_due(Connection& connection, const std::string& queue) {
    auto query = connection.prepare("SELECT min(due_at) FROM jobs WHERE queue = ? AND lease IS NULL");
    query.bind(queue);
    return query.step() ? query.optional_time(0) : std::nullopt;
}

}  // namespace

InsertedRow insert_job(Connection& connection, const NewRow& row) {
    auto insert = connection.prepare(
        "INSERT INTO jobs (queue, message_id, body, headers, attempts, lease, due_at, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (queue, message_id) DO NOTHING");
    insert.bind(row.queue)
        .bind(row.job.message_id)
        .bind_blob(row.sealed_body)
        .bind(headers_to_text(row.job.headers))
        .bind(row.lease ? 1 : 0)
        .bind(row.lease)
        .bind(row.due)
        .bind(row.job.created_at)
        .bind(row.job.expires_at)
        .run();
    return connection.changes() == 1 ? InsertedRow(connection.last_insert_number()) : std::nullopt;
}

DueJobs lease_due(Connection& connection, const LeaseRequest& request) {
    DueJobs due;
    due.rows = find_new(connection, request);
    lease_rows(connection, request, due.rows);
    const bool is_cut = due.rows.size() == request.limits.all;
    due.newest = request.newest;
    if (!is_cut) {
        due.newest = std::max(request.newest, highest_number(connection));
    } else if (!due.rows.empty()) {
        due.newest = due.rows.back().number;
    }
    const auto tried_room = std::min(request.limits.tried, request.limits.all - due.rows.size());
    auto tried = tried_room > 0 ? find_due(connection, request, tried_room) : std::vector<JobRow>();
    lease_rows(connection, request, tried);
    due.may_be_more = is_cut || (tried_room > 0 && tried.size() == tried_room);
    std::ranges::move(tried, std::back_inserter(due.rows));
    due.next_due = find_next_due(connection, request.queue);
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
    PING_FAILPOINT(W5);
    return delete_job(connection, row);
}

Released release_all(Connection& connection, const std::string& queue) {
    connection.prepare("UPDATE jobs SET lease = NULL WHERE queue = ? AND lease IS NOT NULL")
        .bind(queue)
        .run();
    auto query = connection.prepare("SELECT count(*) FROM jobs WHERE queue = ?");
    query.bind(queue);
    Released released;
    released.length = query.step() ? static_cast<std::size_t>(query.integer(0)) : 0;
    released.newest = highest_number(connection);
    return released;
}

}  // namespace ping::jobs
