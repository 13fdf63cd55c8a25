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
    /// Whether the engine takes jobs now, as far as it knows.
    virtual bool is_up() const { return true; }
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

/// How many deliveries a consumer has room for.
struct TakeLimits {
    std::size_t all = 0;
    /// Of these, so many that were tried before. What is new comes first, and need not wait behind what
    /// fails.
    std::size_t tried = 0;
};

/// The consuming side of one queue. All calls but `wake` are made by one worker thread and may block it
/// briefly.
class JobConsumer {
public:
    virtual ~JobConsumer() = default;
    /// Deliveries that are due, within the limits; empty when there are none. What an engine finds at its
    /// start may count as tried. Each stays this consumer's until one of the next three has succeeded for it:
    /// after a failure they are to be called again. After a crash it is delivered again.
    virtual Result<std::vector<Delivery>> take(const TakeLimits& limits) = 0;
    /// The jobs are done; they will not come again. Many at once, because each call may wait for a disk or a
    /// network. After a failure it may have succeeded for some of them.
    virtual Result<void> ack(const std::vector<DeliveryTag>& tags) = 0;
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

/// Both sides of one queue, as an engine offers them.
class JobEngine : public JobQueue, public JobConsumer {};

}  // namespace ping::jobs
