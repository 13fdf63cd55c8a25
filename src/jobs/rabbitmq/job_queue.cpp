#include "ping/jobs/rabbitmq/job_queue.hpp"

#include "jobs/rabbitmq/consumer.hpp"
#include "jobs/rabbitmq/endpoint.hpp"
#include "jobs/rabbitmq/inbox.hpp"
#include "jobs/rabbitmq/link.hpp"
#include "jobs/rabbitmq/publisher.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/runtime/async_event.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <future>
#include <utility>

namespace ping::jobs {
namespace {

constexpr std::chrono::seconds confirm_deadline{3};
constexpr std::chrono::seconds first_try_deadline{3};

/// Joins a publish on the loop with what the link's thread says of it. The loop alone looks into it.
struct Outcome {
    AsyncEvent* waiter;  ///< null when it waits no longer
    std::optional<Result<void>> result{};
};

std::uint64_t random_number(Rng& rng) {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    rng.fill(bytes);
    return std::bit_cast<std::uint64_t>(bytes);
}

Error no_confirm() {
    return errors::unavailable("The queue did not answer in time", "queue_timeout");
}

}  // namespace

class RabbitJobQueue::Impl {
public:
    Impl(Loop& loop, const Clock& clock, Rng& rng, Metrics& metrics, rabbitmq::Endpoint endpoint,
         const RabbitQueueOptions& options)
        : loop_(loop),
          clock_(clock),
          endpoint_(std::move(endpoint)),
          published_(metrics.counter("ping_jobs_published_total", "Jobs the broker has confirmed")),
          refused_(metrics.counter("ping_jobs_refused_total", "Jobs the broker did not confirm")),
          confirm_time_(metrics.histogram("ping_jobs_publish_seconds", "From publish to confirm")),
          parts_{
              endpoint_, clock, rng,
              metrics.counter("ping_rabbitmq_connects_total", "Connections made to the broker"),
              metrics.counter("ping_rabbitmq_failures_total", "Connections to the broker lost or not made")},
          inbox_(clock, random_number(rng)),
          publisher_(options.name, options.max_length, clock),
          consumer_(options.name, inbox_, clock,
                    metrics.counter("ping_jobs_delivered_total", "Jobs the broker has delivered")),
          publishing_("pingd publisher", parts_, publisher_),
          consuming_("pingd consumer", parts_, consumer_) {
        publisher_.set_wake([this] { publishing_.wake(); });
        metrics.gauge("ping_jobs_held", "Jobs the broker has given us that are not acked",
                      [this] { return static_cast<double>(inbox_.held()); });
        metrics.gauge("ping_rabbitmq_up", "Whether jobs can be published",
                      [this] { return is_up() ? 1 : 0; });
    }

    /// Both at once: each may be busy connecting for some seconds.
    ~Impl() {
        publishing_.request_stop();
        consuming_.request_stop();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void start() {
        publishing_.start();
        publishing_.wait_for_first_try(first_try_deadline);
    }

    bool is_up() const { return publisher_.is_open(); }

    Task<Result<void>> publish(Job job) {
        const auto asked_at = clock_.steady_now();
        AsyncEvent answered(loop_);
        auto outcome = std::make_shared<Outcome>(Outcome{&answered});
        publisher_.submit(std::move(job), [this, outcome](const Result<void>& result) {
            loop_.post([outcome, result] {
                outcome->result = result;
                if (outcome->waiter != nullptr) {
                    outcome->waiter->set();
                }
            });
        });
        co_await answered.wait_for(confirm_deadline);
        outcome->waiter = nullptr;
        const auto result = outcome->result.value_or(no_confirm());
        (result ? published_ : refused_).add();
        confirm_time_.observe(std::chrono::duration<double>(clock_.steady_now() - asked_at).count());
        co_return result;
    }

    Result<std::vector<Delivery>> take(const TakeLimits& limits) {
        if (!consuming_.is_started()) {
            consuming_.start();
        }
        return inbox_.take(limits);
    }

    Result<void> ack(const std::vector<DeliveryTag>& tags) {
        const auto count = inbox_.ack(tags);
        publisher_.note_done(count);
        if (count > 0) {
            consuming_.wake();
        }
        return ok();
    }

    Result<void> retry(const DeliveryTag& tag, std::chrono::milliseconds delay) {
        inbox_.retry(tag, delay);
        return ok();
    }

    Result<void> bury(const DeliveryTag& tag, const std::string& redacted) {
        auto message_id = inbox_.message_id(tag);
        if (!message_id) {
            return ok();  // somebody else has the job now
        }
        Job letter;
        letter.message_id = std::move(*message_id);
        letter.body = redacted;
        letter.created_at = clock_.now();
        auto promise = std::make_shared<std::promise<Result<void>>>();
        auto confirmed = promise->get_future();
        publisher_.submit_dead_letter(std::move(letter),
                                      [promise](const Result<void>& result) { promise->set_value(result); });
        if (confirmed.wait_for(confirm_deadline) != std::future_status::ready) {
            return no_confirm();
        }
        if (auto result = confirmed.get(); !result) {
            return result;
        }
        PING_FAILPOINT(W5);
        return ack({tag});
    }

    int ready_fd() const { return inbox_.ready_fd(); }
    std::optional<Time> next_due() const { return inbox_.next_due(); }

private:
    Loop& loop_;
    const Clock& clock_;
    const rabbitmq::Endpoint endpoint_;
    Counter& published_;
    Counter& refused_;
    Histogram& confirm_time_;
    const rabbitmq::LinkParts parts_;
    rabbitmq::Inbox inbox_;
    rabbitmq::Publisher publisher_;
    rabbitmq::Consumer consumer_;
    rabbitmq::Link publishing_;
    rabbitmq::Link consuming_;
};

Result<std::unique_ptr<RabbitJobQueue>> RabbitJobQueue::open(Loop& loop, const Clock& clock, Rng& rng,
                                                             Metrics& metrics, RabbitQueueOptions options) {
    auto endpoint = rabbitmq::parse_endpoint(options.url, options.ca_file);
    if (!endpoint) {
        return endpoint.error();
    }
    auto impl = std::make_unique<Impl>(loop, clock, rng, metrics, std::move(*endpoint), options);
    impl->start();
    return std::unique_ptr<RabbitJobQueue>(new RabbitJobQueue(std::move(impl)));
}

RabbitJobQueue::RabbitJobQueue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RabbitJobQueue::~RabbitJobQueue() = default;

Task<Result<void>> RabbitJobQueue::publish(Job job) {
    return impl_->publish(std::move(job));
}
bool RabbitJobQueue::is_up() const {
    return impl_->is_up();
}
Result<std::vector<Delivery>> RabbitJobQueue::take(const TakeLimits& limits) {
    return impl_->take(limits);
}
Result<void> RabbitJobQueue::ack(const std::vector<DeliveryTag>& tags) {
    return impl_->ack(tags);
}
Result<void> RabbitJobQueue::retry(const DeliveryTag& tag, std::chrono::milliseconds delay) {
    return impl_->retry(tag, delay);
}
Result<void> RabbitJobQueue::bury(const DeliveryTag& tag, const std::string& redacted) {
    return impl_->bury(tag, redacted);
}
int RabbitJobQueue::ready_fd() {
    return impl_->ready_fd();
}
std::optional<Time> RabbitJobQueue::next_due() {
    return impl_->next_due();
}

}  // namespace ping::jobs
