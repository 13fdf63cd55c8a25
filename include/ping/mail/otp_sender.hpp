#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/crypto/random.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/runtime/task.hpp"

#include <string>

namespace ping::mail {

/// A code that must reach somebody.
struct OtpMail {
    std::string to;  ///< normalised address
    std::string code;
    std::string otp_id;  ///< a later code for the same address supersedes this mail
    Time now;
    Time expires_at;
};

/// Writes the mail with a code and puts it into the queue `send-otp`. Loop thread.
class OtpSender {
public:
    OtpSender(jobs::JobQueue& queue, Rng& rng) : queue_(queue), rng_(rng) {}
    /// Success means that the queue has the mail durably. unavailable otherwise.
    Task<Result<void>> send(OtpMail mail);

private:
    jobs::JobQueue& queue_;
    Rng& rng_;
};

}  // namespace ping::mail
