#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/jobs/job_queue.hpp"

#include <amqp.h>
#include <amqp_framing.h>
#include <string>
#include <vector>

namespace ping::jobs::rabbitmq {

inline amqp_bytes_t to_bytes(const std::string& text) {
    amqp_bytes_t bytes{};
    bytes.len = text.size();
    bytes.bytes = const_cast<char*>(text.data());  // the library does not write to what it sends
    return bytes;
}

inline std::string to_string(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

/// A job's properties as the library sends them: message_id, timestamp, expiration (what was left when the
/// job was made), delivery_mode 2, the job's headers. AMQP's timestamp has whole seconds only, so the exact
/// time of creation travels in the header `x-created-at` (Unix milliseconds). Points into the job, which must
/// outlive it.
class JobProperties {
public:
    explicit JobProperties(const Job& job);
    JobProperties(const JobProperties&) = delete;
    JobProperties& operator=(const JobProperties&) = delete;

    const amqp_basic_properties_t* get() const { return &properties_; }

private:
    std::string created_at_;
    std::string expiration_;
    std::vector<amqp_table_entry_t> headers_;
    amqp_basic_properties_t properties_{};
};

/// invalid when AMQP cannot carry the job: ids and names of headers have 255 bytes at most.
Result<void> check_job(const Job& job);

/// A job, but for its body, from the properties of any program's message: whatever has an unfit value counts
/// as missing. Without a time of its own a job was made `now`. Headers that are no texts and no integers are
/// left out.
Job read_job(const amqp_basic_properties_t& properties, Time now);

}  // namespace ping::jobs::rabbitmq
