#pragma once

#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/metrics.hpp"
#include "ping/http/request.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/loop.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ping::http {

/// Checks a token: the identity, or unauthenticated with API.md §1's message.
using Authenticate = std::function<Task<Result<Identity>>(std::string_view token)>;

/// The HTTP/1.1 server: accepts, reads with limits and deadlines, runs the middleware in the order written
/// down in src/http/session.cpp, answers. Loop thread only.
class Server {
public:
    Server(Loop& loop, const Config& config, const Router& router, Authenticate authenticate,
           Metrics& metrics);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and accepts on every address of `server.listen`. Fails when one cannot be bound.
    Result<void> start();
    /// `host:port` of every listening socket, ports as bound (for port 0).
    std::vector<std::string> addresses() const;
    /// Stops accepting; idle keep-alive connections are closed, requests in flight get `Connection: close`.
    void stop_accepting();
    /// Resumes when every HTTP connection has ended, or at most half a second after `limit`, when the rest is
    /// cut off: a handler that still runs ends by itself, and nobody hears its answer. Upgraded ones belong
    /// to their handlers from the end of the handshake. Call `stop_accepting` first.
    Task<> drain(std::chrono::milliseconds limit);
    /// Resumes when the last handler has ended; after `drain`, and before what handlers use goes away.
    Task<> join();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::http
