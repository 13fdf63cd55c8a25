#pragma once

#include "ping/redis/command.hpp"
#include "ping/redis/options.hpp"

#include <vector>

namespace ping::redis {

struct GreetingStep {
    Command command;
    bool may_be_refused;  ///< the connection is good without it
};

/// What a connection begins with: AUTH, a name for CLIENT LIST, the database, and a PING, which a server that
/// is still loading its data or has lost its primary refuses.
std::vector<GreetingStep> greeting(const Options& options);

}  // namespace ping::redis
