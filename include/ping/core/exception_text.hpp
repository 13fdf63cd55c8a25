#pragma once

#include <exception>
#include <string>

namespace ping {

/// What an exception says, for the log: also of one that is no std::exception. Not for null. Any thread.
std::string exception_text(const std::exception_ptr& failure);

/// The same of the exception that is being handled: only within a catch block.
inline std::string exception_text() {
    return exception_text(std::current_exception());
}

}  // namespace ping
