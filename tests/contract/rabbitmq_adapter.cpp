// The suite of the job queue on a real RabbitMQ, the one that PINGD_TEST_RABBITMQ_URL names (scripts/test.sh
// starts one). Each fixture has a queue of its own there.
#include "contract/adapters.hpp"
#include "jobs/rabbitmq/connection.hpp"
#include "jobs/rabbitmq/consumer.hpp"
#include "jobs/rabbitmq/publisher.hpp"
#include "ping/jobs/rabbitmq/job_queue.hpp"
#include "support/catch_result.hpp"
#include "support/rabbitmq.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <utility>

namespace ping::test {
namespace {

using jobs::rabbitmq::Connection;

/// The queue as the suite expects one: a job that was published can be taken. A broker takes a moment to
/// deliver, so each look waits until as many jobs have come as must come.
class PatientQueue final : public jobs::JobEngine {
public:
    PatientQueue(jobs::JobEngine& queue, const Metrics& metrics, std::size_t waiting)
        : queue_(queue), metrics_(metrics), expected_(waiting) {}

    /// Jobs that are in the queue now.
    std::size_t left() const { return expected_ - settled_; }
    std::size_t buried() const { return buried_; }

    Task<Result<void>> publish(jobs::Job job) override {
        auto published = co_await queue_.publish(std::move(job));
        expected_ += published ? 1 : 0;
        co_return published;
    }
    Result<std::vector<jobs::Delivery>> take(const jobs::TakeLimits& limits) override {
        await_deliveries();
        auto taken = queue_.take(limits);
        const std::scoped_lock lock(mutex_);
        for (const auto& delivery : *taken) {
            open_.insert({delivery.tag.epoch, delivery.tag.number});
        }
        return taken;
    }
    Result<void> ack(const std::vector<jobs::DeliveryTag>& tags) override {
        for (const auto& tag : tags) {
            settled_ += is_open(tag) ? 1 : 0;
        }
        return queue_.ack(tags);
    }
    Result<void> retry(const jobs::DeliveryTag& tag, std::chrono::milliseconds delay) override {
        return queue_.retry(tag, delay);
    }
    Result<void> bury(const jobs::DeliveryTag& tag, const std::string& redacted) override {
        if (is_open(tag)) {
            ++settled_;
            ++buried_;
        }
        return queue_.bury(tag, redacted);
    }
    int ready_fd() override {
        await_deliveries();
        return queue_.ready_fd();
    }
    std::optional<Time> next_due() override { return queue_.next_due(); }

private:
    bool is_open(const jobs::DeliveryTag& tag) {
        const std::scoped_lock lock(mutex_);
        return open_.erase({tag.epoch, tag.number}) > 0;
    }
    void await_deliveries() {
        if (!std::exchange(is_consuming_, true)) {
            REQUIRE(queue_.take({}));  // the first call starts to consume
        }
        eventually("the broker's deliveries", [this] {
            const auto most = jobs::rabbitmq::Consumer::prefetch + settled_.load();
            return series(metrics_, "ping_jobs_delivered_total") >= std::min(expected_.load(), most);
        });
    }

    jobs::JobEngine& queue_;
    const Metrics& metrics_;
    bool is_consuming_ = false;
    std::mutex mutex_;
    std::set<std::pair<std::uint64_t, std::int64_t>> open_;  ///< taken, not settled; guarded by mutex_
    std::atomic<std::size_t> expected_;
    std::atomic<std::size_t> settled_{0};
    std::atomic<std::size_t> buried_{0};
};

class RabbitJobFixture final : public JobFixture {
public:
    RabbitJobFixture() { open(0); }
    ~RabbitJobFixture() override {
        close();
        for (const auto& name : {name_, name_ + ".dead"}) {
            delete_queue(name);
        }
    }

    jobs::JobQueue& queue() override { return *patient_; }
    jobs::JobConsumer& consumer() override { return *patient_; }

    void restart() override {
        const auto left = patient_->left();
        buried_ += patient_->buried();
        close();
        open(left);
    }

    std::vector<std::string> dead_letters() override {
        const auto expected = buried_ + patient_->buried();
        eventually("the dead letters", [&] {
            auto event = dead_->next();
            REQUIRE(event);
            if (*event) {
                letters_.push_back(std::get<jobs::rabbitmq::Delivered>(**event).job.body);
            }
            return letters_.size() >= expected;
        });
        return letters_;
    }

private:
    void open(std::size_t waiting) {
        metrics_ = std::make_unique<Metrics>();
        jobs::RabbitQueueOptions options;
        options.url = rabbitmq_url();
        options.name = name_;
        options.max_length = max_length;
        auto opened = jobs::RabbitJobQueue::open(loop, clock, rng_, *metrics_, options);
        REQUIRE(opened);
        queue_ = std::move(*opened);
        patient_ = std::make_unique<PatientQueue>(*queue_, *metrics_, waiting);
        if (!dead_) {
            dead_ = connect_to_rabbitmq(clock);
            REQUIRE(dead_->consume(name_ + ".dead", "test", 0));
        }
    }
    /// Until the broker has noticed that the consumer is gone, and has put back what it held.
    void close() {
        patient_.reset();
        queue_.reset();
        eventually("the consumer's end", [this] {
            const auto state = dead_->declare(name_);
            REQUIRE(state);
            return state->consumers == 0;
        });
    }

    const std::string name_ = unused_queue_name();
    SystemRng rng_;
    std::unique_ptr<Metrics> metrics_;
    std::unique_ptr<jobs::RabbitJobQueue> queue_;
    std::unique_ptr<PatientQueue> patient_;
    std::unique_ptr<Connection> dead_;
    std::vector<std::string> letters_;
    std::size_t buried_ = 0;  ///< before the last restart
};

const bool is_registered = [] {
    if (!rabbitmq_url().empty()) {
        const Registered<JobFixture> job_queue("rabbitmq",
                                               [] { return std::make_unique<RabbitJobFixture>(); });
    }
    return true;
}();

}  // namespace

TEST_CASE("jobs: the suite runs on RabbitMQ too", "[jobs][rabbitmq]") {
    if (rabbitmq_url().empty()) {
        WARN("skipped: PINGD_TEST_RABBITMQ_URL names no broker (scripts/test.sh starts one)");
    }
    CHECK(is_registered);
}

}  // namespace ping::test
