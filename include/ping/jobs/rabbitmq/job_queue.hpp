#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/random.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/runtime/loop.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace ping::jobs {

struct RabbitQueueOptions {
    std::string url;                   ///< amqp://user:password@host:port/vhost or amqps://...
    std::string ca_file;               ///< PEM file of trusted roots beside the system's; may be empty
    std::string name;                  ///< e.g. "send-otp"
    std::size_t max_length = 100'000;  ///< jobs that wait, in round numbers; publishing more is `unavailable`
};

/// Both ends of one durable queue of a RabbitMQ broker, declared without arguments, so that other programs
/// can publish to it and consume from it (TRUST.md §4.2): jobs become persistent messages and back, dead
/// letters go to the durable queue `<name>.dead`, which keeps the newest 10,000.
///
/// Publishing and consuming have a connection and a thread each (librabbitmq blocks): heartbeats go out
/// while mails are sent, a publisher that the broker holds up holds up no ack, and connecting holds up
/// nobody. A broker that is away is no error of `open`; until it is back `publish` is unavailable at once.
///
/// A job is published when the broker has confirmed it; 3 s without a word are `unavailable`. An ack is
/// written to the broker, which does not answer: a job that was acked while the connection broke may come
/// again. Jobs wait for a later try as unacked deliveries of this consumer.
class RabbitJobQueue final : public JobEngine {
public:
    /// invalid when the URL is unfit. Connects in the background, but waits for the first try, 3 s at most.
    /// At start-up; loop, clock, rng and metrics outlive it.
    static Result<std::unique_ptr<RabbitJobQueue>> open(Loop& loop, const Clock& clock, Rng& rng,
                                                        Metrics& metrics, RabbitQueueOptions options);
    /// Says goodbye to the broker: acks go out first, what is not acked goes back to the queue.
    ~RabbitJobQueue() override;
    RabbitJobQueue(const RabbitJobQueue&) = delete;
    RabbitJobQueue& operator=(const RabbitJobQueue&) = delete;

    Task<Result<void>> publish(Job job) override;
    bool is_up() const override;

    /// The first call starts to consume.
    Result<std::vector<Delivery>> take(const TakeLimits& limits) override;
    Result<void> ack(const std::vector<DeliveryTag>& tags) override;
    Result<void> retry(const DeliveryTag& tag, std::chrono::milliseconds delay) override;
    /// Waits for the confirm of the dead letter, 3 s at most.
    Result<void> bury(const DeliveryTag& tag, const std::string& redacted) override;
    int ready_fd() override;
    std::optional<Time> next_due() override;

private:
    class Impl;
    explicit RabbitJobQueue(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::jobs
