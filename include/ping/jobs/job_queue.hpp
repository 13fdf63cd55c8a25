#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ping::jobs {

/// A unit of work for another thread or process.
struct Job {
    std::string message_id;                      ///< unique; a consumer may see the same one twice
    std::string body;                            ///< JSON text
    std::map<std::string, std::string> headers;  ///< e.g. x-otp-id
    Time created_at;
    std::optional<Time> expires_at;  ///< after this it must not be worked on
};

/// The publishing side of one queue. Loop thread.
class JobQueue {
public:
    virtual ~JobQueue() = default;
    /// Success means the job is durable and will be delivered at least once. `unavailable` when the engine
    /// cannot take it now; the outcome may then be unknown, so a job must be safe to publish again.
    virtual Task<Result<void>> publish(Job job) = 0;
};

/// Names one delivery. Only the consumer that made it understands it; after a reconnect old ones are ignored.
struct DeliveryTag {
    std::uint64_t epoch = 0;
    std::int64_t number = 0;
};

struct Delivery {
    DeliveryTag tag;
    Job job;
    int attempt = 1;  ///< 1 for the first try, as far as the engine knows
};

/// The consuming side of one queue. All calls but `wake` are made by one worker thread and may block it
/// briefly.
class JobConsumer {
public:
    virtual ~JobConsumer() = default;
    /// Up to `max` deliveries that are due; empty when there are none. Each stays this consumer's until it is
    /// finished by ack, retry or bury; after a crash it is delivered again.
    virtual Result<std::vector<Delivery>> take(std::size_t max) = 0;
    /// The job is done; it will not come again.
    virtual Result<void> ack(const DeliveryTag& tag) = 0;
    /// Deliver it again after `delay`.
    virtual Result<void> retry(const DeliveryTag& tag, std::chrono::milliseconds delay) = 0;
    /// Moves the job to the queue's dead letters. `redacted` is stored in the place of its body and holds no
    /// secret.
    virtual Result<void> bury(const DeliveryTag& tag, const std::string& redacted) = 0;
    /// A descriptor that becomes readable when `take` may have something; -1 while there is none. Ask again
    /// each turn.
    virtual int ready_fd() = 0;
    /// When the next delayed job becomes due, as far as it is known.
    virtual std::optional<Time> next_due() = 0;
};

}  // namespace ping::jobs
