#pragma once

#include "jobs/rabbitmq/endpoint.hpp"
#include "jobs/rabbitmq/event.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"

#include <amqp.h>
#include <amqp_framing.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ping::jobs::rabbitmq {

/// What the broker says of a queue.
struct QueueState {
    std::size_t ready = 0;  ///< jobs that wait; not those that consumers hold
    std::size_t consumers = 0;
};

/// A message of which parts are still to come.
struct Content {
    std::optional<Delivered> delivered;  ///< else it is one that was returned
    Job job;
    std::uint64_t bytes_left = 0;
    bool has_header = false;
};

/// One connection to a broker with one channel, over librabbitmq. One thread. Calls block, each for
/// `deadline` at most; only `publish` and `ack` do not wait for an answer. After an error the connection is
/// of no use. Errors are unavailable; their detail is the library's or the broker's.
class Connection {
public:
    static constexpr std::chrono::seconds heartbeat{10};
    static constexpr std::chrono::seconds deadline{3};
    /// Of a longer body the rest is not kept: no job of ours has so much, and a consumer's memory is bounded.
    static constexpr std::size_t most_body_bytes = 128 * 1024;

    /// Connects, does TLS, logs in and opens the channel. `name` is what the broker's console shows.
    static Result<std::unique_ptr<Connection>> open(const Endpoint& endpoint, const std::string& name,
                                                    const Clock& clock);
    /// Says goodbye, unless the connection is broken.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Makes sure of the durable queue. `most_jobs` 0: without any argument, as the family's services declare
    /// theirs (another argument would be refused); else the oldest go where there are more.
    Result<QueueState> declare(const std::string& queue, int most_jobs = 0);
    /// From here on the broker answers each `publish` with a Confirmed.
    Result<void> confirm_publishes();
    /// From here on jobs come as Delivered, at most `prefetch` that were not acked. `tag` names the consumer.
    Result<void> consume(const std::string& queue, const std::string& tag, int prefetch);
    /// Ends the consumer; what it was given stays the channel's.
    Result<void> cancel(const std::string& tag);
    /// Mandatory: without such a queue a Returned comes before the Confirmed.
    Result<void> publish(const std::string& queue, const Job& job);
    Result<void> ack(std::uint64_t number);

    /// What the broker has said, oldest first; nothing when that is all. Never waits. To be called at least
    /// once a heartbeat, which it also sends and watches.
    Result<std::optional<Event>> next();
    /// Whether `next` has something without the socket being readable.
    bool has_input() const;
    /// Whether a small write would not wait.
    bool is_writable() const;
    int descriptor() const;

private:
    explicit Connection(const Clock& clock);
    Result<void> connect(const Endpoint& endpoint);
    Result<void> log_in(const Endpoint& endpoint, const std::string& name);

    Result<std::optional<Event>> read(const amqp_frame_t& frame);
    Result<std::optional<Event>> read_method(const amqp_method_t& method);
    void read_header(const amqp_frame_t& frame);
    void read_body(const amqp_bytes_t& part);
    /// The message that is being read, once it is whole.
    std::optional<Event> take_content();

    Error broken(int status);
    Error broken(const amqp_rpc_reply_t& reply);
    Error broken(std::string detail);
    Result<void> checked(int status);
    Result<void> checked_reply();

    const Clock& clock_;
    amqp_connection_state_t state_;
    std::optional<Content> content_;
    bool is_logged_in_ = false;
    bool is_broken_ = false;
};

}  // namespace ping::jobs::rabbitmq
