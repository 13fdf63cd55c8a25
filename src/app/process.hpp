#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/crypto/random.hpp"

namespace ping::app {

/// What `pingd serve` and `pingd worker` do to their process, and what they have of it.

/// Time, randomness and ids as they really are.
struct SystemSources {
    SystemSources();

    SystemClock clock;
    SystemRng rng;
    SystemIdGenerator ids;
};

/// Signals that end a process by default become errors, and no core is written. unavailable when the process
/// may open too few files. Said at the start: later it would show as a database that does not open or a port
/// that never answers.
Result<void> prepare_process();
/// Whatever began the stop: from here on it may take 10 s. Tells systemd.
void begin_stop();
/// Says why it does not start. Returns the exit code.
int fail_to_start(const Error& error);

}  // namespace ping::app
