#pragma once

#include "ping/redis/client.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/timer_wheel.hpp"
#include "redis/host_lookup.hpp"
#include "redis/link.hpp"
#include "redis/pipeline.hpp"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::redis {

class CallbackCall final : public Call {
public:
    explicit CallbackCall(std::function<void(const Result<Reply>&)> callback)
        : callback_(std::move(callback)) {}
    void finish(Result<Reply> reply) override { callback_(reply); }

private:
    std::function<void(const Result<Reply>&)> callback_;
};

/// The client's state. The task of `run` holds it too, so it lives until that has ended.
class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
public:
    Impl(Loop& loop, Rng& rng, Options options, std::unique_ptr<boost::asio::ssl::context> tls,
         Metrics& metrics);
    void register_gauges(Metrics& metrics);

    /// Connects, greets, reads until the connection breaks, waits a little, again.
    Task<> run();
    void stop();
    void send(const Command& command, std::unique_ptr<Call> call);
    /// The turn's commands in one system call.
    void flush();

    bool is_up() const { return is_up_; }
    Task<bool> wait_until_up(std::chrono::milliseconds limit);

private:
    // client_connection.cpp: from one connection to the next
    Task<Result<void>> connect(std::shared_ptr<Link> link);
    Task<> read(std::shared_ptr<Link> link);
    void greet();
    void greeted();
    void say_lost(std::string_view why);
    std::chrono::milliseconds next_delay();

    // client_impl.cpp: commands and replies
    void add(const Command& command, std::unique_ptr<Call> call);
    void take(std::string_view bytes);
    void finish(std::vector<Pipeline::Answered> batch);
    void refuse(std::vector<std::unique_ptr<Call>> calls, std::string_view why);
    /// Ends the connection of now and fails everybody who waits.
    void break_off(std::string_view why);
    void check_deadline();

    Loop& loop_;
    Rng& rng_;
    const Options options_;
    std::unique_ptr<boost::asio::ssl::context> tls_;  ///< null without TLS
    HostLookup lookup_;
    CallbackTimer deadline_;
    AsyncEvent wake_;  ///< ends the wait between two tries
    AsyncEvent has_come_up_;

    std::shared_ptr<Link> link_;  ///< of the connection of now, open or on its way
    std::unique_ptr<Pipeline> pipeline_;
    bool is_open_ = false;  ///< bytes may be sent
    bool is_up_ = false;    ///< greeted: calls are taken
    bool is_stopping_ = false;
    /// The deadline has been seen to be over once. A process that was halted for a while finds all deadlines
    /// over and its replies in the socket, so they are read before anybody is given up.
    bool is_suspect_ = false;
    SteadyTime heard_at_;
    std::string said_;  ///< why the connection is not up, as last written to the log
    std::chrono::milliseconds delay_;

    Counter& commands_;
    Counter& failures_;
    Counter& connections_;
    Histogram& seconds_;
};

}  // namespace ping::redis
