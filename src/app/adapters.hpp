#pragma once

#include "app/parts.hpp"

#include <memory>

namespace ping::app {

/// Adapters that the server and the worker choose alike, by the settings.

/// SMTP, or the dev mailbox.
Result<ChosenMailer> make_mailer(const Base& base);

/// Null when nothing is kept in Redis. Not started yet.
Result<std::unique_ptr<redis::Client>> make_redis(Base& base);

/// The queue `send-otp` of the broker. Begins to connect.
Result<std::unique_ptr<jobs::JobEngine>> make_rabbit_jobs(Base& base);

}  // namespace ping::app
