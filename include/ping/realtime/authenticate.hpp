#pragma once

#include "ping/core/error.hpp"
#include "ping/core/identity.hpp"
#include "ping/runtime/task.hpp"

#include <functional>
#include <string>

namespace ping::realtime {

/// Checks a token: the identity, or unauthenticated.
using Authenticate = std::function<Task<Result<Identity>>(std::string)>;

}  // namespace ping::realtime
