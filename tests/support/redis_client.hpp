#pragma once

#include "ping/redis/client.hpp"
#include "support/fake_rng.hpp"
#include "support/run_all.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ping::test {

/// A client of a real Redis on a loop that the test runs. Throws std::runtime_error for options that cannot
/// be used.
class RedisClient {
public:
    RedisClient(Loop& loop, redis::Options options) : loop_(loop), tasks_(loop) {
        auto client = redis::Client::make(loop, tasks_, rng_, std::move(options), metrics_);
        if (!client) {
            throw std::runtime_error(client.error().message);
        }
        client_ = std::move(*client);
        client_->start();
    }
    ~RedisClient() {
        client_->stop();
        run(loop_, [this]() -> Task<bool> {
            co_await tasks_.join();
            co_return true;
        });
    }
    RedisClient(const RedisClient&) = delete;
    RedisClient& operator=(const RedisClient&) = delete;

    redis::Client& client() { return *client_; }
    /// In real time: on a clock that stands still `wait_until_up` would wait for ever.
    bool is_up_within(std::chrono::milliseconds limit) {
        const auto end = std::chrono::steady_clock::now() + limit;
        return run(loop_, [this, end]() -> Task<bool> {
            while (!client_->is_up() && std::chrono::steady_clock::now() < end) {
                co_await boost::asio::post(loop_.executor(), use_task);
            }
            co_return client_->is_up();
        });
    }

private:
    Loop& loop_;
    FakeRng rng_;
    Metrics metrics_;
    TaskGroup tasks_;
    std::unique_ptr<redis::Client> client_;
};

}  // namespace ping::test
