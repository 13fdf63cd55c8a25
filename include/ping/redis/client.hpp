#pragma once

#include "ping/core/error.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/random.hpp"
#include "ping/redis/command.hpp"
#include "ping/redis/options.hpp"
#include "ping/redis/reply.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"

#include <boost/asio/async_result.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace ping::redis {

/// Somebody who waits for a reply.
class Call {
public:
    virtual ~Call() = default;
    /// Once, on the loop thread. The reply may be an error of Redis.
    virtual void finish(Result<Reply> reply) = 0;
};

/// One connection to one Redis server (no Cluster), kept up in the background. Commands of one turn of the
/// loop leave in one system call, replies come in their order. While the connection is down, calls fail at
/// once and nothing is kept for later; when it breaks, so do all calls that wait. Loop thread.
class Client {
public:
    /// The loop, the group, the generator and the metrics outlive the client. invalid when the CA file cannot
    /// be used. Before the loop runs.
    static Result<std::unique_ptr<Client>> make(Loop& loop, TaskGroup& tasks, Rng& rng, Options options,
                                                Metrics& metrics);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Connects, and connects again whenever the connection is lost, until `stop`. Once.
    void start();
    /// Ends the connection and fails what waits. The task of `start` ends soon after.
    void stop();
    /// Resumes when connected, or after `limit`; says whether it is.
    Task<bool> wait_until_up(std::chrono::milliseconds limit);
    bool is_up() const;

    /// Sends one command when awaited. The reply may be an error of Redis (Reply::is_error). unavailable when
    /// there is no connection, too much waits, or no reply comes in time: then nobody knows whether the
    /// command was carried out.
    // Not a coroutine: g++ 12 is only safe with async_initiate outside of one.
    Task<Result<Reply>> call(Command command) {
        using Token = boost::asio::use_awaitable_t<Executor>;
        return boost::asio::async_initiate<const Token, void(Result<Reply>)>(
            [this](auto handler, Command what) {
                using Handler = std::decay_t<decltype(handler)>;
                send(std::move(what), std::make_unique<AwaitedCall<Handler>>(std::move(handler)));
            },
            Token(), std::move(command));
    }

private:
    class Impl;

    template <class Handler>
    class AwaitedCall final : public Call {
    public:
        explicit AwaitedCall(Handler handler) : handler_(std::move(handler)) {}
        void finish(Result<Reply> reply) override { std::move(handler_)(std::move(reply)); }

    private:
        Handler handler_;
    };

    Client(TaskGroup& tasks, std::shared_ptr<Impl> impl);
    void send(Command command, std::unique_ptr<Call> call);

    TaskGroup& tasks_;
    std::shared_ptr<Impl> impl_;
};

}  // namespace ping::redis
