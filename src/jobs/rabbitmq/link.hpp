#pragma once

#include "jobs/rabbitmq/connection.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/random.hpp"
#include "ping/runtime/ready_signal.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace ping::jobs::rabbitmq {

/// What a link does with its connection, on the link's thread. An error, or a throw, ends the connection: the
/// link makes a new one.
class LinkUser {
public:
    virtual ~LinkUser() = default;
    /// A new connection: makes sure of queues, starts consuming or confirming.
    virtual Result<void> opened(Connection& connection) = 0;
    virtual Result<void> received(Connection& connection, Event event) = 0;
    /// After `wake`, after events, and at least once a second. Says whether more is to be written as soon as
    /// the connection takes it.
    virtual Result<bool> work(Connection& connection) = 0;
    /// The connection is lost, or could not be made.
    virtual void closed(const Error& error) = 0;
};

/// What the links of a process have in common.
struct LinkParts {
    const Endpoint& endpoint;
    const Clock& clock;
    Rng& rng;
    Counter& connects;
    Counter& failures;
};

/// Keeps a connection to the broker up, on a thread of its own: heartbeats go out whatever the rest of the
/// process does, and nobody waits while it connects. A lost connection is made anew after 100 ms, then
/// longer, up to 5 s, each with jitter.
class Link {
public:
    /// `name` is shown by the broker and in the log.
    Link(std::string name, const LinkParts& parts, LinkUser& user);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    void start();
    bool is_started() const { return thread_.joinable(); }
    /// The thread lets the user work once more, says goodbye to the broker and ends; the destructor joins it.
    void request_stop();
    /// Any thread.
    void wake() { wake_.set(); }
    /// Waits until the first connection is there or has failed; at most `limit`.
    void wait_for_first_try(std::chrono::milliseconds limit);

private:
    void run(const std::stop_token& stop);
    Result<void> connect_and_serve(const std::stop_token& stop);
    Result<void> serve(Connection& connection, const std::stop_token& stop);
    Result<void> hear(Connection& connection);
    void wait(const Connection& connection, bool has_output) const;
    void note_first_try();
    void pause(const std::stop_token& stop);

    const std::string name_;
    const LinkParts parts_;
    LinkUser& user_;
    ReadySignal wake_;
    std::chrono::milliseconds backoff_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool has_tried_ = false;  ///< guarded by mutex_
    std::jthread thread_;
};

}  // namespace ping::jobs::rabbitmq
