#pragma once

#include "ping/redis/options.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ping::test {

/// The Redis that scripts/test.sh starts for the tests; nothing where there is none.
std::optional<std::string> redis_url();

/// Redis as a test looks at it from outside: blocking, in a database of this process alone (tests run side by
/// side), which is empty before and after. Throws std::runtime_error where Redis fails.
class RedisServer {
public:
    RedisServer();
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    const redis::Options& options() const { return options_; }
    /// With the number of the database.
    std::string url() const;

    /// The reply's lines: its items', or its one.
    std::vector<std::string> run(const std::vector<std::string>& arguments);
    std::string run_one(const std::vector<std::string>& arguments) { return run(arguments).at(0); }

private:
    friend class RedisMonitor;
    struct Connection;
    redis::Options options_;
    std::unique_ptr<Connection> connection_;
};

/// Sees every command that is carried out in the database of `server`, those of scripts too.
class RedisMonitor {
public:
    explicit RedisMonitor(RedisServer& server);
    ~RedisMonitor();
    RedisMonitor(const RedisMonitor&) = delete;
    RedisMonitor& operator=(const RedisMonitor&) = delete;

    /// What has been carried out since the last time, as MONITOR prints it: `... [7 lua] "HGET" "otp:a@b.io"
    /// "id"`.
    std::vector<std::string> lines();

private:
    RedisServer& server_;
    std::unique_ptr<RedisServer::Connection> connection_;
    int marks_ = 0;
};

}  // namespace ping::test
