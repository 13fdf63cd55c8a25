#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>
#include <poll.h>
#include <set>
#include <stdexcept>

namespace ping::test {
namespace {

using jobs::Delivery;
using jobs::Job;
using std::chrono::milliseconds;
using std::chrono::seconds;

Job make_job(JobFixture& fixture, const std::string& id) {
    Job job;
    job.message_id = id;
    job.body = "{\"to\":\"" + id + "\"}";
    job.headers["x-otp-id"] = "otp of " + id;
    job.created_at = fixture.clock.now();
    return job;
}

void publish(JobFixture& fixture, const Job& job) {
    REQUIRE(run(fixture.loop, [&] { return fixture.queue().publish(job); }));
}

std::vector<Delivery> take(JobFixture& fixture, std::size_t max = 64) {
    auto deliveries = fixture.consumer().take({max, max});
    REQUIRE(deliveries);
    return std::move(*deliveries);
}

bool is_ready(JobFixture& fixture) {
    pollfd descriptor{fixture.consumer().ready_fd(), POLLIN, 0};
    return ::poll(&descriptor, 1, 0) == 1;
}

}  // namespace

TEST_CASE("jobs: what was published is delivered as it was, oldest first", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    auto first = make_job(*fixture, "one");
    first.expires_at = fixture->clock.now() + seconds(300);
    publish(*fixture, first);
    publish(*fixture, make_job(*fixture, "two"));
    const auto deliveries = take(*fixture);
    REQUIRE(deliveries.size() == 2);
    CHECK(deliveries[0].attempt == 1);
    CHECK(deliveries[0].job.message_id == "one");
    CHECK(deliveries[0].job.body == first.body);
    CHECK(deliveries[0].job.headers == first.headers);
    CHECK(deliveries[0].job.created_at == first.created_at);
    CHECK(deliveries[0].job.expires_at == first.expires_at);
    CHECK(deliveries[1].job.message_id == "two");
    CHECK_FALSE(deliveries[1].job.expires_at);
    CHECK(take(*fixture).empty());
}

TEST_CASE("jobs: an acknowledged job does not come again, not even after a crash", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    publish(*fixture, make_job(*fixture, "one"));
    const auto deliveries = take(*fixture);
    REQUIRE(deliveries.size() == 1);
    REQUIRE(fixture->consumer().ack({deliveries[0].tag}));
    fixture->restart();
    CHECK(take(*fixture).empty());
}

TEST_CASE("jobs: what was not acknowledged comes again after a crash, counted", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    publish(*fixture, make_job(*fixture, "one"));
    const auto before = take(*fixture);
    REQUIRE(before.size() == 1);
    fixture->restart();
    CHECK(is_ready(*fixture));
    const auto after = take(*fixture);
    REQUIRE(after.size() == 1);
    CHECK(after[0].job.body == before[0].job.body);
    CHECK(after[0].attempt == 2);

    // What names the old delivery changes nothing.
    CHECK(fixture->consumer().ack({before[0].tag}));
    CHECK(fixture->consumer().bury(before[0].tag, "{}"));
    CHECK(fixture->dead_letters().empty());
    fixture->restart();
    CHECK(take(*fixture).size() == 1);
}

TEST_CASE("jobs: retry delivers again after the delay", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    publish(*fixture, make_job(*fixture, "one"));
    const auto first = take(*fixture);
    REQUIRE(first.size() == 1);
    CHECK_FALSE(fixture->consumer().next_due());
    REQUIRE(fixture->consumer().retry(first[0].tag, seconds(5)));
    CHECK(fixture->consumer().next_due() == fixture->clock.now() + seconds(5));
    fixture->clock.advance(seconds(5) - milliseconds(1));
    CHECK(take(*fixture).empty());
    CHECK(fixture->consumer().next_due() == fixture->clock.now() + milliseconds(1));
    fixture->clock.advance(milliseconds(1));
    const auto second = take(*fixture);
    REQUIRE(second.size() == 1);
    CHECK(second[0].attempt == 2);
    CHECK_FALSE(fixture->consumer().next_due());
}

TEST_CASE("jobs: what is new comes before what was tried, and the tried ones have a bound", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    auto& consumer = fixture->consumer();
    const auto ids = [&](const jobs::TakeLimits& limits) {
        std::string text;
        for (const auto& delivery : *consumer.take(limits)) {
            text += delivery.job.message_id + " ";
            CHECK(consumer.retry(delivery.tag, seconds(1)));
        }
        return text;
    };
    for (const char* id : {"a", "b", "c"}) {
        publish(*fixture, make_job(*fixture, id));
    }
    CHECK(ids({9, 0}) == "a b c ");
    CHECK(ids({9, 9}).empty());
    fixture->clock.advance(seconds(1));
    publish(*fixture, make_job(*fixture, "d"));
    publish(*fixture, make_job(*fixture, "e"));
    CHECK(ids({1, 1}) == "d ");
    CHECK(is_ready(*fixture));
    CHECK(ids({9, 2}) == "e a b ");
    CHECK(is_ready(*fixture));
    CHECK(ids({9, 0}).empty());
    CHECK_FALSE(is_ready(*fixture));  // else a consumer with room for new ones alone would spin
    CHECK(ids({9, 9}) == "c ");
    CHECK(ids({0, 0}).empty());
    fixture->clock.advance(seconds(1));
    publish(*fixture, make_job(*fixture, "f"));
    CHECK(ids({0, 0}).empty());
    CHECK(is_ready(*fixture));
    CHECK(ids({9, 9}) == "f a b c d e ");
}

TEST_CASE("jobs: an expired job is delivered, the worker decides", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    auto job = make_job(*fixture, "one");
    job.expires_at = fixture->clock.now() + seconds(1);
    publish(*fixture, job);
    fixture->clock.advance(seconds(2));
    const auto deliveries = take(*fixture);
    REQUIRE(deliveries.size() == 1);
    CHECK(deliveries[0].job.expires_at == job.expires_at);
}

TEST_CASE("jobs: a buried job leaves only what is redacted", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    publish(*fixture, make_job(*fixture, "one"));
    const auto deliveries = take(*fixture);
    REQUIRE(deliveries.size() == 1);
    REQUIRE(fixture->consumer().bury(deliveries[0].tag, R"({"reason":"refused"})"));
    CHECK(fixture->dead_letters() == std::vector<std::string>{R"({"reason":"refused"})"});
    fixture->restart();
    CHECK(take(*fixture).empty());
}

TEST_CASE("jobs: the descriptor is readable while there may be something to take", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    CHECK(take(*fixture).empty());
    CHECK_FALSE(is_ready(*fixture));
    publish(*fixture, make_job(*fixture, "one"));
    publish(*fixture, make_job(*fixture, "two"));
    CHECK(is_ready(*fixture));
    const auto first = take(*fixture, 1);
    REQUIRE(first.size() == 1);
    CHECK(is_ready(*fixture));
    CHECK(take(*fixture).size() == 1);
    CHECK_FALSE(is_ready(*fixture));
    REQUIRE(fixture->consumer().retry(first[0].tag, milliseconds(0)));
    CHECK(is_ready(*fixture));
    CHECK(take(*fixture).size() == 1);
}

TEST_CASE("jobs: a full queue is unavailable until a job is done", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    constexpr int count = static_cast<int>(JobFixture::max_length) + 20;
    std::vector<Job> jobs;
    for (int i = 0; i < count; ++i) {
        jobs.push_back(make_job(*fixture, std::to_string(i)));
    }
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->queue().publish(jobs[static_cast<std::size_t>(i)]);
    });
    int refused = 0;
    for (const auto& result : results) {
        refused += result ? 0 : 1;
        CHECK((result || result.error().code == ErrorCode::unavailable));
    }
    CHECK(refused == 20);

    fixture->restart();
    const auto extra = make_job(*fixture, "extra");
    CHECK_FALSE(run(fixture->loop, [&] { return fixture->queue().publish(extra); }));
    const auto deliveries = take(*fixture, 1);
    REQUIRE(deliveries.size() == 1);
    REQUIRE(fixture->consumer().ack({deliveries[0].tag}));
    CHECK(run(fixture->loop, [&] { return fixture->queue().publish(extra); }));
}

TEST_CASE("jobs: who has room for a part of what there is hears of the rest", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    publish(*fixture, make_job(*fixture, "tried"));
    const auto tried = take(*fixture);
    REQUIRE(tried.size() == 1);
    publish(*fixture, make_job(*fixture, "new"));
    REQUIRE(fixture->consumer().retry(tried[0].tag, milliseconds(0)));
    std::set<std::string> ids;
    for (int i = 0; i < 2; ++i) {
        REQUIRE(is_ready(*fixture));
        const auto next = take(*fixture, 1);
        REQUIRE(next.size() == 1);
        ids.insert(next[0].job.message_id);
    }
    CHECK(ids == std::set<std::string>{"new", "tried"});
}

TEST_CASE("jobs: a worker thread takes while the loop publishes, each job once", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    constexpr int count = 90;
    std::vector<Job> jobs;
    for (int i = 0; i < count; ++i) {
        jobs.push_back(make_job(*fixture, std::to_string(i)));
    }
    auto worker = std::async(std::launch::async, [&] {
        std::vector<std::string> seen;
        while (seen.size() < count) {
            pollfd descriptor{fixture->consumer().ready_fd(), POLLIN, 0};
            if (::poll(&descriptor, 1, 5'000) != 1) {
                throw std::runtime_error("nothing more after " + std::to_string(seen.size()));
            }
            const auto deliveries = fixture->consumer().take({7, 7});
            if (!deliveries) {
                throw std::runtime_error("not taken: " + deliveries.error().detail);
            }
            for (const auto& delivery : *deliveries) {
                seen.push_back(delivery.job.message_id);
                if (!fixture->consumer().ack({delivery.tag})) {
                    throw std::runtime_error("not acknowledged: " + seen.back());
                }
            }
        }
        return seen;
    });
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->queue().publish(jobs[static_cast<std::size_t>(i)]);
    });
    auto seen = worker.get();
    CHECK(std::ranges::all_of(results, [](const Result<void>& result) { return result.has_value(); }));
    std::sort(seen.begin(), seen.end());
    CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
    CHECK(seen.size() == count);
}

TEST_CASE("T47: hostile texts are values in every field of a job", "[jobs]") {
    PING_FOR_EACH_ADAPTER(JobFixture, fixture);
    for (const auto& text : hostile_texts) {
        Job job;
        job.message_id = text;
        job.body = text;
        job.headers[text] = text;
        job.created_at = fixture->clock.now();
        publish(*fixture, job);
        const auto deliveries = take(*fixture);
        REQUIRE(deliveries.size() == 1);
        CHECK(deliveries[0].job.message_id == text);
        CHECK(deliveries[0].job.body == text);
        CHECK(deliveries[0].job.headers == job.headers);
        REQUIRE(fixture->consumer().bury(deliveries[0].tag, text));
        CHECK(fixture->dead_letters().back() == text);
    }
}

}  // namespace ping::test
