#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

/// Carries out the load that the options name. Throws std::runtime_error when anything went wrong on the way:
/// then there are no figures.
Report run_load(const Options& options);

}  // namespace bench
