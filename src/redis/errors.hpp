#pragma once

#include "ping/core/error.hpp"

#include <string_view>

namespace ping::redis {

/// What callers get when Redis does not serve; why is for the log.
inline Error not_served(std::string_view why) {
    return errors::unavailable("A part of the service does not answer just now")
        .with_detail(std::string("redis: ").append(why));
}

}  // namespace ping::redis
