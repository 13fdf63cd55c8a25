#pragma once

#include "ping/core/config.hpp"

namespace ping::app {

/// Runs the server until SIGTERM or SIGINT: says on standard output where it listens, READY to systemd, and
/// stops within 10 s. Returns the exit code: 0 after an orderly stop, 1 when it could not start or its data
/// are damaged.
int serve(const Config& config);

}  // namespace ping::app
