// The queue on a real RabbitMQ: what its adapter promises beyond the port (PINGD_TEST_RABBITMQ*:
// scripts/test.sh).
#include "support/rabbitmq.hpp"

#include "jobs/rabbitmq/endpoint.hpp"
#include "ping/core/log.hpp"
#include "ping/crypto/random.hpp"
#include "ping/jobs/rabbitmq/job_queue.hpp"
#include "support/catch_result.hpp"
#include "support/fake_clock.hpp"
#include "support/run_all.hpp"
#include "support/temp_file.hpp"
#include "support/test_certificate.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

using namespace ping;
using namespace ping::test;
using jobs::rabbitmq::Connection;

namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

bool is_skipped() {
    if (rabbitmq_url().empty()) {
        WARN("skipped: PINGD_TEST_RABBITMQ_URL is not set");
    }
    return rabbitmq_url().empty();
}

struct Queue {
    explicit Queue(const std::string& url = rabbitmq_url()) {
        log::configure(LogFormat::text, LogLevel::error);
        auto opened = jobs::RabbitJobQueue::open(loop, clock, rng, metrics, {url, "", name, 100});
        REQUIRE(opened);
        queue = std::move(*opened);
    }
    ~Queue() {
        queue.reset();
        if (!rabbitmq_url().empty()) {
            delete_queue(name);
            delete_queue(name + ".dead");
        }
    }
    Result<void> publish(const std::string& id) {
        jobs::Job job;
        job.message_id = id;
        job.body = "{}";
        job.created_at = clock.now();
        return run(loop, [&] { return queue->publish(job); });
    }

    const std::string name = unused_queue_name();
    FakeClock clock;
    SystemRng rng;
    Loop loop{clock};
    Metrics metrics;
    std::unique_ptr<jobs::RabbitJobQueue> queue;
};

/// Whether we get in there by TLS.
bool connects(const std::string& url, const std::string& ca_file) {
    const FakeClock clock;
    const auto endpoint = jobs::rabbitmq::parse_endpoint(url, ca_file);
    REQUIRE(endpoint.has_value());
    return Connection::open(*endpoint, "test", clock).has_value();
}

}  // namespace

TEST_CASE("rabbitmq: amqps:// wants a certificate of a trusted root, for the host's name", "[rabbitmq]") {
    if (is_skipped()) {
        return;
    }
    const auto url = variable("PINGD_TEST_RABBITMQS_URL");
    const auto ca_file = variable("PINGD_TEST_RABBITMQ_CA");
    REQUIRE(url.starts_with("amqps://localhost:"));
    CHECK(connects(url, ca_file));
    CHECK_FALSE(connects(url, ""));
    const TempFile other_root("ca.pem", make_certificate("localhost", false).certificate_pem);
    CHECK_FALSE(connects(url, other_root.path()));
    const auto port = url.substr(url.rfind(':'));
    CHECK_FALSE(connects("amqps://127.0.0.1" + port, ca_file));
    CHECK_FALSE(connects("amqps://localhost" + rabbitmq_url().substr(rabbitmq_url().rfind(':')), ca_file));
}

TEST_CASE("rabbitmq: a wrong password or vhost is no reason not to start, and publishes nothing",
          "[rabbitmq]") {
    if (is_skipped()) {
        return;
    }
    const auto place = rabbitmq_url().substr(std::string("amqp://").size());
    for (const auto& url : {"amqp://guest:wrong@" + place, rabbitmq_url() + "/nowhere"}) {
        Queue f(url);
        CHECK_FALSE(f.queue->is_up());
        const auto published = f.publish("m");
        REQUIRE_FALSE(published);
        CHECK(published.error().code == ErrorCode::unavailable);
        CHECK(published.error().retry_after == std::chrono::seconds(2));
        CHECK(f.queue->take({9, 9})->empty());
    }
}

TEST_CASE("rabbitmq: without a broker everything is unavailable at once", "[rabbitmq]") {
    Queue f("amqp://127.0.0.1:1");
    CHECK_FALSE(f.queue->is_up());
    CHECK_FALSE(f.publish("m"));
    CHECK(f.queue->take({9, 9})->empty());
    CHECK(series(f.metrics, "ping_rabbitmq_failures_total") >= 1);
}

TEST_CASE("rabbitmq: a queue that others declared with arguments is left as it is", "[rabbitmq]") {
    if (is_skipped()) {
        return;
    }
    const FakeClock clock;
    const auto name = unused_queue_name();
    const auto other = connect_to_rabbitmq(clock);
    REQUIRE(other->declare(name, 5));
    CHECK_FALSE(connect_to_rabbitmq(clock)->declare(name));
    CHECK(other->declare(name, 5));
    delete_queue(name);
}

TEST_CASE("rabbitmq: a job published to a queue that was deleted makes the queue anew", "[rabbitmq]") {
    if (is_skipped()) {
        return;
    }
    Queue f;
    REQUIRE(f.publish("one"));
    REQUIRE(f.queue->take({0, 0}));
    eventually("the first job", [&] { return !f.queue->take({9, 9})->empty(); });
    delete_queue(f.name);
    REQUIRE(f.publish("two"));
    std::string taken;
    eventually("the second job", [&] {
        for (const auto& delivery : *f.queue->take({9, 9})) {
            taken += delivery.job.message_id;
        }
        return !taken.empty();
    });
    CHECK(taken == "two");
    CHECK(series(f.metrics, "ping_rabbitmq_failures_total") == 0);
}

TEST_CASE("F07: new jobs come past hundreds that wait for a later try", "[rabbitmq]") {
    if (is_skipped()) {
        return;
    }
    constexpr std::size_t waiting = 90;  // more than a consumer is given at a time
    Queue f;
    for (std::size_t i = 0; i < waiting; ++i) {
        REQUIRE(f.publish("old " + std::to_string(i)));
    }
    std::size_t put_off = 0;
    eventually("all old jobs", [&] {
        for (const auto& delivery : *f.queue->take({9, 9})) {
            f.queue->retry(delivery.tag, std::chrono::hours(1));
            ++put_off;
        }
        return put_off == waiting;
    });
    REQUIRE(f.publish("new"));
    eventually("the new job", [&] { return !f.queue->take({9, 9})->empty(); });
}
