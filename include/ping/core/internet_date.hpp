#pragma once

#include "ping/core/clock.hpp"

#include <string>

namespace ping {

/// `Sat, 21 Nov 2026 06:41:00` in UTC, without a zone: what HTTP (RFC 9110 §5.6.7) and mail (RFC 5322 §3.3)
/// dates share.
std::string to_internet_date(Time time);

}  // namespace ping
