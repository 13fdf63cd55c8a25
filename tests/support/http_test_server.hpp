#pragma once

#include "ping/http/server.hpp"
#include "ping/runtime/task_group.hpp"
#include "support/fake_clock.hpp"
#include "support/raw_client.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ping::test {

/// A real server on a free port of 127.0.0.1, its loop on a thread of its own, its clock standing still. Set
/// `config` and `router` first, then call `start`. The token `good` is accepted.
class HttpTestServer {
public:
    HttpTestServer() { config.server.listen = {"127.0.0.1:0"}; }
    HttpTestServer(const HttpTestServer&) = delete;
    HttpTestServer& operator=(const HttpTestServer&) = delete;
    ~HttpTestServer() { stop(); }

    Config config;
    http::Router router;
    FakeClock clock;
    Loop loop{clock};
    Metrics metrics;

    void start() {
        server_.emplace(loop, config, router, [](std::string_view token) { return check(token); }, metrics);
        const auto started = server_->start();
        if (!started) {
            throw std::runtime_error(started.error().message);
        }
        thread_ = std::thread([this] { loop.run(); });
    }

    /// Drains and ends the loop's thread. The destructor does it; whoever adds handlers that do not outlive
    /// this object does it before.
    void stop() {
        if (thread_.joinable()) {
            drain();
            loop.stop();
            thread_.join();
        }
    }

    http::Server& server() { return *server_; }
    std::string address() const { return server_->addresses().front(); }
    RawClient connect() const { return RawClient(address()); }
    RawClient connect_from(const std::string& source) const {
        RawClient::Options options;
        options.source = source;
        return RawClient(address(), options);
    }

    /// Runs `function` on the loop and waits for it.
    void on_loop(const std::function<void()>& function) {
        std::promise<void> done;
        loop.post([&] {
            function();
            done.set_value();
        });
        done.get_future().wait();
    }
    void advance(std::chrono::milliseconds by) {
        clock.advance(by);
        on_loop([this] { loop.timers().advance(); });
    }
    /// The number behind `series` in the metrics' text; 0 when it is not there.
    double metric(const std::string& series) {
        std::string text;
        on_loop([&] { text = metrics.to_text(); });
        const auto at = text.find("\n" + series + " ");
        return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
    }
    /// Lets the loop turn until `is_true()`; false when it has not become so after 5 s of real time.
    bool eventually(const std::function<bool()>& is_true) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (std::chrono::steady_clock::now() < end) {
            if (is_true()) {
                return true;
            }
            on_loop([] {});
        }
        return is_true();
    }
    /// Stops accepting and drains, moving the clock until that has an end.
    void drain(std::chrono::milliseconds limit = std::chrono::seconds(2)) {
        start_drain(limit);
        while (!is_drained()) {
            advance(TimerWheel::tick);
        }
    }
    void start_drain(std::chrono::milliseconds limit) {
        is_drained_ = false;
        on_loop([this, limit] {
            server_->stop_accepting();
            tasks_.spawn("drain", [this, limit] { return drain_and_tell(limit); });
        });
    }
    bool is_drained() const { return is_drained_; }

    /// A handler that answers with its request's path and notes it.
    http::Handler echo() {
        return [this](http::Request& request) { return answer_echo(request); };
    }
    /// The paths of the requests that reached `echo`, in order.
    std::vector<std::string> reached() {
        const std::scoped_lock lock(mutex_);
        return reached_;
    }

private:
    static Task<Result<Identity>> check(std::string_view token) {
        if (token != "good") {
            co_return errors::unauthenticated("Please Login - JWT error");
        }
        co_return Identity();
    }
    Task<Result<http::Response>> answer_echo(http::Request& request) {
        {
            const std::scoped_lock lock(mutex_);
            reached_.push_back(request.path);
        }
        co_return http::text_response(200, request.path + "|" + request.body, "text/plain");
    }
    Task<> drain_and_tell(std::chrono::milliseconds limit) {
        co_await server_->drain(limit);
        is_drained_ = true;
    }

    std::optional<http::Server> server_;
    TaskGroup tasks_{loop};
    std::atomic<bool> is_drained_{false};
    std::mutex mutex_;
    std::vector<std::string> reached_;
    std::thread thread_;
};

}  // namespace ping::test
