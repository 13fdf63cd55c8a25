#pragma once

#include "ping/core/error.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ping::redis {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Finds the addresses of one host. The system's look-up blocks a thread of Asio's and cannot be ended: one
/// that takes too long is left to itself, and waited for again by the next `find`. Loop thread.
class HostLookup {
public:
    HostLookup(Loop& loop, std::string host, std::string port);

    /// unavailable when the name is not known or `limit` is over.
    Task<Result<Endpoints>> find(std::chrono::milliseconds limit);
    /// Lets a running `find` return at once.
    void give_up();

private:
    struct Query;
    void start();

    Loop& loop_;
    std::string host_;
    std::string port_;
    std::shared_ptr<Query> query_;  ///< null while none runs
};

}  // namespace ping::redis
