#pragma once

#include "ping/core/config.hpp"
#include "ping/core/error.hpp"

namespace ping::app {

/// Whether these settings make a worker: invalid, and what to set, when they don't. A worker shares the
/// queue, and the knowledge which codes still live, with the servers: an SQLite file has one owner, so it can
/// be neither.
Result<void> check_worker_config(const Config& config);

/// Sends the mails of the queue `send-otp` until SIGTERM or SIGINT, beside servers and other workers. Opens
/// no store, listens nowhere. Returns the exit code: 0 after an orderly stop, 1 when it could not start.
int work(const Config& config);

}  // namespace ping::app
