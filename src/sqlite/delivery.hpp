#pragma once

#include "ping/runtime/loop.hpp"
#include "ping/sqlite/work.hpp"

namespace ping::sqlite {

/// Finishes each work on the thread it asks for: this one, or the loop's by one post for all of them.
void deliver(Loop& loop, Works works);

/// Runs the job inside the connection's transaction. False when it is to be rolled back; whatever it threw is
/// its result then. Throws SqliteFailure when the job's failure (disk full, I/O error) ended the transaction
/// itself, and with it all that came before.
bool run_guarded(Work& work, Connection& connection);

bool is_in_transaction(const Connection& connection);

/// Rolls back what is open. A failure is logged: the next BEGIN fails then, and with it its job.
void roll_back_open(Connection& connection);

}  // namespace ping::sqlite
