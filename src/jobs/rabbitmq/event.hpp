#pragma once

#include "ping/jobs/job_queue.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace ping::jobs::rabbitmq {

/// The broker gave us a message.
struct Delivered {
    std::uint64_t number = 0;  ///< the channel's delivery tag
    bool is_redelivered = false;
    Job job;
};
/// No queue took a message that was published as mandatory; its confirm follows.
struct Returned {
    std::string message_id;
};
/// The broker has (or, rarely, has refused) what was published as `number`; with `is_multiple` also all
/// before it.
struct Confirmed {
    std::uint64_t number = 0;
    bool is_multiple = false;
    bool is_taken = true;
};
/// The broker ended our consumer: its queue was deleted.
struct Cancelled {};
/// The broker is short of memory or disk and reads nothing from connections that publish, until it is not.
struct Blocked {
    bool is_blocked = true;
};

using Event = std::variant<Delivered, Returned, Confirmed, Cancelled, Blocked>;

}  // namespace ping::jobs::rabbitmq
