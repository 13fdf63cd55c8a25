#include "ping/runtime/worker_pool.hpp"

#include "support/catch_result.hpp"
#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <stdexcept>
#include <thread>

using namespace ping;

namespace {

struct Scene {
    test::FakeClock clock;
    Loop loop{clock};

    Result<int> run(WorkerPool& pool, std::function<Result<int>()> job) {
        return test::run_coro<Result<int>>(loop, [&] { return pool.run<int>(job); });
    }
};

}  // namespace

TEST_CASE("worker pool: a job runs on another thread and its result comes back to the loop", "[runtime]") {
    Scene scene;
    WorkerPool pool(scene.loop, 1, 4);
    std::thread::id worker;
    const auto result = scene.run(pool, [&]() -> Result<int> {
        worker = std::this_thread::get_id();
        return 7;
    });
    CHECK(*result == 7);
    CHECK(worker != std::this_thread::get_id());
}

TEST_CASE("worker pool: what a job throws is an error", "[runtime]") {
    Scene scene;
    WorkerPool pool(scene.loop, 1, 4);
    const auto result = scene.run(pool, []() -> Result<int> { throw std::runtime_error("broken"); });
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::internal);
    CHECK(result.error().detail == "worker: broken");
}

TEST_CASE("worker pool: a full queue refuses, and cleaning up is never refused", "[runtime]") {
    Scene scene;
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    std::promise<void> has_begun;
    bool is_cleaned = false;
    std::optional<Result<int>> waiting;
    {
        WorkerPool pool(scene.loop, 1, 1);
        pool.clean_up([&] {
            has_begun.set_value();
            opened.wait();
        });
        has_begun.get_future().wait();
        boost::asio::co_spawn(
            scene.loop.executor(), [&] { return pool.run<int>([]() -> Result<int> { return 1; }); },
            [&](const std::exception_ptr&, Result<int> result) { waiting = std::move(result); });
        const auto refused = scene.run(pool, []() -> Result<int> { return 2; });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unavailable);
        pool.clean_up([&] { is_cleaned = true; });
        gate.set_value();
    }
    // The end of the pool waits for the jobs it has.
    CHECK(is_cleaned);
    scene.loop.context().restart();
    scene.loop.context().poll();
    REQUIRE(waiting);
    CHECK(**waiting == 1);
}

TEST_CASE("worker pool: after its end jobs are refused, and cleaning up is done at once", "[runtime]") {
    Scene scene;
    WorkerPool pool(scene.loop, 2, 4);
    pool.close();
    CHECK_FALSE(scene.run(pool, []() -> Result<int> { return 1; }));
    bool is_cleaned = false;
    pool.clean_up([&] { is_cleaned = true; });
    CHECK(is_cleaned);
}
