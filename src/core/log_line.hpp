#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/log.hpp"

#include <string>

namespace ping::log {

/// The text of one event, without the end of line: a JSON object, or `time LEVEL event name=value ...`. It
/// holds no control character and is valid UTF-8 whatever the values hold; texts over 2 KiB are cut and end
/// in an ellipsis.
std::string format_line(LogFormat format, Time time, LogLevel level, std::string_view event, Fields fields);

}  // namespace ping::log
