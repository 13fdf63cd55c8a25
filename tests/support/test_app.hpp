#pragma once

#include "ping/app/application.hpp"
#include "ping/core/id.hpp"
#include "support/api_client.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_rng.hpp"
#include "support/redis_server.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace ping::test {

/// The real application on a free port of loopback, with a data folder of its own and a clock that the test
/// moves. It runs on a thread of its own until this object goes away. Where PINGD_TEST_CODES is `redis`,
/// codes are kept in the tests' Redis; where PINGD_TEST_JOBS is `rabbitmq`, also the jobs in their RabbitMQ.
class TestApp {
public:
    /// `change` may alter the configuration before the start.
    explicit TestApp(const std::function<void(Config&)>& change = {});
    ~TestApp();
    TestApp(const TestApp&) = delete;
    TestApp& operator=(const TestApp&) = delete;

    const std::string& address() const { return addresses_.front(); }
    /// All of them, where the configuration names several.
    const std::vector<std::string>& addresses() const { return addresses_; }
    ApiClient client(std::string token = {}) const { return ApiClient(address(), std::move(token)); }
    FakeClock& clock() { return clock_; }
    const http::Router& router() const { return app_->router(); }
    const realtime::EventRouter& events() const { return app_->events(); }
    /// Where the codes are kept; null when that is the database.
    RedisServer* redis() const { return redis_.get(); }
    std::filesystem::path database_file() const { return data_.path() / "ping.db"; }
    /// The value of a series without labels at /metrics.
    double metric(const std::string& name) const;

    /// Moves the clock and lets everything that is due by it happen: returns when the loop's timers have run.
    void advance(std::chrono::milliseconds by);
    /// Returns when the loop has run what was ready.
    void settle();
    /// Stops and starts again on the same data; the address changes.
    void restart();
    /// For the next restart.
    void change_config(const std::function<void(Config&)>& change) { change(config_); }
    /// Stops; true when the application's run ended well.
    bool stop();

    struct Person {
        std::string id;
        std::string token;
        ApiClient api;
    };
    /// Asks for a code, reads it in the dev mailbox, verifies it.
    Person log_in(const std::string& email);
    /// The newest code in the dev mailbox for this address; waits until one is there that is not `old`.
    std::string wait_for_code(const std::string& email, const std::string& old = {}) const;
    /// A chat between two people.
    std::string new_chat(const Person& a, const Person& b) const;

private:
    void launch();
    /// Runs it on the loop thread and waits for it.
    void on_loop(const std::function<void()>& function);

    TempDir data_;
    std::unique_ptr<RedisServer> redis_;
    FakeClock clock_;
    FakeRng rng_{std::random_device()()};
    std::unique_ptr<IdGenerator> ids_;
    Config config_;
    std::unique_ptr<app::Application> app_;
    std::vector<std::string> addresses_;
    std::thread thread_;
    bool ended_well_ = false;
};

}  // namespace ping::test
