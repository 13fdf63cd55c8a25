#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/hmac.hpp"
#include "ping/crypto/random.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/mail/mailer.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace ping::mail {

class MailPump;

/// Whether `otp_id` is still the live code of the address `to`: false when it was replaced or used up,
/// nothing when nobody can tell now (the mail is then sent). Called on the mail thread; may block it briefly,
/// with a deadline of its own, and must not throw.
using IsCurrentOtp = std::function<std::optional<bool>(const std::string& to, const std::string& otp_id)>;

/// What a worker works with. All of it must outlive the worker.
struct MailWorkerParts {
    jobs::JobConsumer& consumer;
    Mailer& mailer;
    const Clock& clock;
    Rng& rng;
    Metrics& metrics;
};

struct MailWorkerOptions {
    std::size_t parallel = 8;                ///< mails at a time
    crypto::Key hash_key{};                  ///< keys the hashes of addresses in dead letters
    std::chrono::milliseconds drain{5'000};  ///< what `stop` gives transfers to end
};

/// The mail thread: takes jobs of `send-otp`, sends them and finishes them only then (TRUST.md §4.2). It
/// never logs an address, a code or a text.
class MailWorker {
public:
    /// Registers the counters: construct on the loop thread or at start-up.
    MailWorker(const MailWorkerParts& parts, IsCurrentOtp is_current, const MailWorkerOptions& options);
    ~MailWorker();
    MailWorker(const MailWorker&) = delete;
    MailWorker& operator=(const MailWorker&) = delete;

    void start();
    /// Takes no more, gives what is in flight `drain` to end, gives back the rest to the queue and joins the
    /// thread. Safe to call twice. While it runs the loop must still answer `is_current`, or that must have
    /// its deadline.
    void stop();
    /// Makes the thread look at the clock and the queue at once. Any thread.
    void poke();

private:
    void run(const std::stop_token& stop);
    void drain();
    bool guarded(void (MailPump::*step)());
    void pause(const std::stop_token& stop);

    Mailer& mailer_;
    const Clock& clock_;
    const std::chrono::milliseconds drain_;
    std::unique_ptr<MailPump> pump_;
    std::mutex mutex_;
    std::condition_variable_any poked_;
    bool is_poked_ = false;  ///< guarded by mutex_
    std::jthread thread_;
};

}  // namespace ping::mail
