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
#include <vector>

namespace ping::mail {

class MailPump;

/// Is `otp_id` still the live code of the address `to`?
struct OtpQuestion {
    std::string to;
    std::string otp_id;
};
/// False: it was replaced or used up. Nothing: nobody can tell now, and the mail is sent.
using OtpAnswer = std::optional<bool>;
/// An answer to each question, in their order. Called on the mail thread, once for all jobs of a turn; may
/// block it briefly, with one deadline for all, and must not throw.
using AskCurrentOtps = std::function<std::vector<OtpAnswer>(const std::vector<OtpQuestion>&)>;

/// Who sends which mail, where several workers share a queue: a broker that lost a connection gives its jobs
/// to somebody else, who cannot know how far they have come. Called on the mail thread, once for all mails of
/// a turn; may block it briefly, with one deadline for all, and must not throw.
class SendClaims {
public:
    enum class Answer {
        ours,  ///< also when nobody can tell now
        busy,  ///< another worker has it on its way
        sent,
    };
    virtual ~SendClaims() = default;
    /// An answer to each message id, in their order. A claim ends by itself after a while.
    virtual std::vector<Answer> claim(const std::vector<std::string>& message_ids) = 0;
    virtual void note_sent(const std::vector<std::string>& message_ids) = 0;
    virtual void release(const std::vector<std::string>& message_ids) = 0;
};

/// What a worker works with. All of it must outlive the worker.
struct MailWorkerParts {
    jobs::JobConsumer& consumer;
    Mailer& mailer;
    const Clock& clock;
    Rng& rng;
    Metrics& metrics;
    SendClaims* claims = nullptr;  ///< null: this is the queue's only worker
};

struct MailWorkerOptions {
    std::size_t parallel = 8;                ///< mails at a time
    crypto::Key hash_key{};                  ///< keys the hashes of addresses in dead letters
    std::chrono::milliseconds drain{5'000};  ///< what `stop` gives transfers to end
    std::chrono::seconds sure_for{0};        ///< no code is replaced earlier than this: not worth a question
};

/// The mail thread: takes jobs of `send-otp`, sends them and finishes them only then (TRUST.md §4.2). It
/// never logs an address, a code or a text.
class MailWorker {
public:
    /// Registers the counters: construct on the loop thread or at start-up.
    MailWorker(const MailWorkerParts& parts, AskCurrentOtps ask_current, const MailWorkerOptions& options);
    ~MailWorker();
    MailWorker(const MailWorker&) = delete;
    MailWorker& operator=(const MailWorker&) = delete;

    void start();
    /// Takes no more, gives what is in flight `drain` to end, gives back the rest to the queue and joins the
    /// thread. Safe to call twice. While it runs the loop must still answer questions about codes, or these
    /// must have their deadline.
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
