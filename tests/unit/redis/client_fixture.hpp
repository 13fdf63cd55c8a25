#pragma once

#include "ping/core/log.hpp"
#include "ping/redis/client.hpp"
#include "support/catch_result.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_rng.hpp"
#include "support/run_all.hpp"
#include "unit/redis/fake_redis.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <initializer_list>

namespace ping::test {

/// A client and the fake server that it connects to, on one loop, with a clock that the test moves.
struct Connected {
    explicit Connected(const std::function<void(redis::Options&)>& change = {}) {
        log::configure(LogFormat::text, LogLevel::error);
        redis::Options options;
        options.host = "127.0.0.1";
        options.port = server.port();
        if (change) {
            change(options);
        }
        auto made = redis::Client::make(loop, tasks, rng, options, metrics);
        REQUIRE(made);
        client = std::move(*made);
        client->start();
    }
    ~Connected() {
        client->stop();
        server.stop();
        run(loop, [this]() -> Task<bool> {
            co_await tasks.join();
            co_return true;
        });
    }
    Connected(const Connected&) = delete;
    Connected& operator=(const Connected&) = delete;

    bool wait_until_up() {
        return run(loop, [this] { return client->wait_until_up(std::chrono::seconds(5)); });
    }
    /// Lets the loop run until `is_so()`; run_coro's guard ends it otherwise.
    void run_until(const std::function<bool()>& is_so) {
        run(loop, [&]() -> Task<bool> {
            while (!is_so()) {
                co_await boost::asio::post(loop.executor(), use_task);
            }
            co_return true;
        });
    }
    /// Moves the clock in ticks, and lets what is due happen after each.
    void pass(std::chrono::milliseconds time) {
        for (auto passed = std::chrono::milliseconds(0); passed < time; passed += TimerWheel::tick) {
            clock.advance(TimerWheel::tick);
            run(loop, [&]() -> Task<bool> {
                loop.timers().advance();
                for (int turn = 0; turn < 20; ++turn) {
                    co_await boost::asio::post(loop.executor(), use_task);
                }
                co_return true;
            });
        }
    }
    Result<redis::Reply> call(std::initializer_list<std::string_view> arguments) {
        return run(loop,
                   [&] { return client->call(redis::Command(std::vector<std::string_view>(arguments))); });
    }
    /// Starts a call and leaves it to itself; its outcome ends up in `outcomes`.
    void begin(std::string text) {
        tasks.spawn("begin", [this, text]() -> Task<> {
            const std::array<std::string_view, 2> arguments{"ECHO", text};
            redis::Command command(arguments);
            auto reply = co_await client->call(std::move(command));
            outcomes.push_back(std::move(reply));
        });
    }

    FakeClock clock;
    Loop loop{clock};
    FakeRng rng;
    Metrics metrics;
    TaskGroup tasks{loop};
    FakeRedis server{loop, tasks};
    std::unique_ptr<redis::Client> client;
    std::vector<Result<redis::Reply>> outcomes;
};

}  // namespace ping::test
