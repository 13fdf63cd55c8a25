#include "mail/job_steps.hpp"

#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <utility>

namespace ping::mail {

void JobSteps::ack(const jobs::DeliveryTag& tag, const std::string& job) {
    done_.push_back(tag);
    done_jobs_ += (done_jobs_.empty() ? "" : " ") + job;
}

void JobSteps::retry(const jobs::DeliveryTag& tag, const std::string& job, std::chrono::milliseconds delay) {
    // By the clock, not by the delay: what is repeated later is due no later.
    const auto due = clock_.now() + delay;
    take({"retry", job, [this, tag, due] {
              const auto left = std::max(due - clock_.now(), std::chrono::milliseconds(0));
              return consumer_.retry(tag, left);
          }});
}

void JobSteps::bury(const jobs::DeliveryTag& tag, const std::string& job, std::string redacted) {
    take({"bury", job, [this, tag, letter = std::move(redacted)] { return consumer_.bury(tag, letter); }});
}

void JobSteps::flush_acks() {
    if (done_.empty()) {
        return;
    }
    take({"ack", std::exchange(done_jobs_, {}),
          [this, tags = std::exchange(done_, {})] { return consumer_.ack(tags); }});
    PING_FAILPOINT(W4);
}

bool JobSteps::repeat() {
    while (!left_.empty() && left_.front().take()) {
        left_.pop_front();
    }
    return left_.empty();
}

void JobSteps::take(Step step) {
    left_.push_back(std::move(step));  // first, so that a step that throws is repeated too
    const auto outcome = left_.back().take();
    if (outcome) {
        left_.pop_back();
        return;
    }
    const auto error = outcome.error();
    log::warn("mail.queue_step_failed", {{"job", left_.back().job},
                                         {"step", left_.back().name},
                                         {"error", error.message},
                                         {"detail", error.detail}});
}

}  // namespace ping::mail
