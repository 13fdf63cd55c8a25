#pragma once

#include "jobs/rabbitmq/inbox.hpp"
#include "jobs/rabbitmq/link.hpp"

#include <string>

namespace ping::jobs::rabbitmq {

/// Fills an inbox from a queue and acks what the worker is done with, on a link's thread. When the queue was
/// deleted (basic.cancel, or a look every 30 s) it is declared again and consumed anew on the same channel:
/// what the worker holds lies nowhere else then, and stays its own.
class Consumer final : public LinkUser {
public:
    /// How many jobs the broker gives a consumer that it has not acked. While half of these wait for a later
    /// try, a new consumer takes the old one's place on the channel and is given as many again, so that new
    /// jobs need not wait behind those; up to `most_held` in all.
    static constexpr int prefetch = 64;
    static constexpr std::size_t most_held = 1024;
    static constexpr std::chrono::seconds look_every{30};

    Consumer(std::string queue, Inbox& inbox, const Clock& clock, Counter& delivered);

    Result<void> opened(Connection& connection) override;
    Result<void> received(Connection& connection, Event event) override;
    Result<bool> work(Connection& connection) override;
    void closed(const Error& error) override;

private:
    Result<void> declare_and_consume(Connection& connection);
    Result<void> consume(Connection& connection);
    Result<void> look(Connection& connection);

    const std::string queue_;
    Inbox& inbox_;
    const Clock& clock_;
    Counter& delivered_;
    int consumers_ = 0;  ///< made on this channel; numbers their tags
    SteadyTime looked_at_;
};

}  // namespace ping::jobs::rabbitmq
