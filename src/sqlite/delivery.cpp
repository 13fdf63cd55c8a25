#include "sqlite/delivery.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"
#include "sqlite/errors.hpp"

#include <sqlite3.h>

#include <exception>

namespace ping::sqlite {
namespace {

void finish_all(const Works& works) {
    for (const auto& work : works) {
        try {
            work->finish();
        } catch (...) {
            // One waiter's mistake must not cost the others their answer.
            log::error("db.waiter_failed", {{"what", exception_text()}});
        }
    }
}

}  // namespace

void deliver(Loop& loop, Works works) {
    Works for_loop;
    for (auto& work : works) {
        if (work->finish_on() == Work::FinishOn::loop) {
            for_loop.push_back(std::move(work));
        } else {
            work->finish();
        }
    }
    if (!for_loop.empty()) {
        loop.post([batch = std::move(for_loop)] { finish_all(batch); });
    }
}

bool run_guarded(Work& work, Connection& connection) {
    bool has_succeeded = false;
    try {
        has_succeeded = work.run(connection);
    } catch (const SqliteFailure& failure) {
        if (!is_in_transaction(connection)) {
            throw;
        }
        work.fail(to_error(failure));
    } catch (...) {
        work.fail(errors::internal(exception_text()));
    }
    if (!is_in_transaction(connection)) {
        throw SqliteFailure{SQLITE_ABORT, "a job ended its transaction"};
    }
    return has_succeeded;
}

bool is_in_transaction(const Connection& connection) {
    return sqlite3_get_autocommit(connection.handle()) == 0;
}

void roll_back_open(Connection& connection) {
    if (!is_in_transaction(connection)) {
        return;
    }
    try {
        connection.prepare("ROLLBACK").run();
    } catch (const SqliteFailure& failure) {
        log::error("db.rollback_failed", {{"what", failure.message}});
    }
}

}  // namespace ping::sqlite
