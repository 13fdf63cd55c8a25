#pragma once

#include "ping/core/clock.hpp"
#include "ping/jobs/job_queue.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace ping::mail {

/// How jobs leave a consumer: by ack, retry or bury. A step that the queue refuses (a full disk, a lost
/// connection) is kept and repeated, or the job would be nobody's until the next start. Its owner takes no
/// new jobs while steps are left: that bounds them. One thread.
class JobSteps {
public:
    JobSteps(jobs::JobConsumer& consumer, const Clock& clock) : consumer_(consumer), clock_(clock) {}

    /// `job` names it in the log. An ack waits for `flush_acks`, so that those of many mails are one write;
    /// the others are carried out at once.
    void ack(const jobs::DeliveryTag& tag, const std::string& job);
    void retry(const jobs::DeliveryTag& tag, const std::string& job, std::chrono::milliseconds delay);
    void bury(const jobs::DeliveryTag& tag, const std::string& job, std::string redacted);

    void flush_acks();
    /// Tries again what failed, in order, until the queue refuses. True when nothing is left.
    bool repeat();

private:
    struct Step {
        const char* name;
        std::string job;
        std::function<Result<void>()> take;
    };
    void take(Step step);

    jobs::JobConsumer& consumer_;
    const Clock& clock_;
    std::deque<Step> left_;
    std::vector<jobs::DeliveryTag> done_;  ///< to be acked
    std::string done_jobs_;                ///< their names
};

}  // namespace ping::mail
