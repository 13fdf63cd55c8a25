#pragma once

#include "mail/breaker.hpp"
#include "mail/job_steps.hpp"
#include "mail/send_history.hpp"
#include "ping/mail/mail_worker.hpp"
#include "ping/mail/otp_mail_job.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ping::mail {

/// What the mail thread does, turn by turn, without the thread. Knows no time but the clock's. One thread.
class MailPump {
public:
    MailPump(const MailWorkerParts& parts, AskCurrentOtps ask_current, const MailWorkerOptions& options);

    /// Takes the jobs there is room for, starts their mails, then waits for something to happen, at most 1 s.
    void turn();
    /// Only waits for transfers to end, and keeps the consumer's connection alive.
    void drain_turn();
    /// Ends all transfers now; their jobs go back to the queue.
    void abandon();
    std::size_t in_flight() const { return in_flight_; }

private:
    /// What is left to know of a job while its mail is under way: nothing secret.
    struct Ticket {
        jobs::DeliveryTag tag;
        std::string message_id;
        std::string to_hash;  ///< empty when the job could not be read
        int attempt = 1;
        Time created_at;
        Time expires_at;
    };
    /// A job that was read and may be sent.
    struct Candidate {
        Ticket ticket;
        OtpMailJob mail;
    };
    struct Counters {
        explicit Counters(Metrics& metrics);
        Counter& sent;
        Counter& retried;
        Counter& expired;
        Counter& superseded;
        Counter& dead;
    };

    std::size_t take(const jobs::TakeLimits& limits);
    Ticket ticket_of(const jobs::Delivery& delivery) const;
    /// The mail, unless its job is over already.
    std::optional<OtpMailJob> open(const jobs::Delivery& delivery, Ticket& ticket);
    bool is_over(const Ticket& ticket);
    void send_current(std::vector<Candidate> candidates);
    bool may_be_superseded(const Candidate& candidate) const;
    /// Those that are ours to send; the others are acked or put off.
    std::vector<Candidate> claim(std::vector<Candidate> candidates);
    std::vector<OtpAnswer> ask_current(const std::vector<Candidate>& candidates) const;
    void send(OtpMailJob mail, const Ticket& ticket);
    /// Tells the other workers what became of mails, then acks: in this order, so that a job whose ack is
    /// lost is known as sent.
    void flush_outcomes();
    void enter(const Ticket& ticket);
    void leave(const Ticket& ticket);
    void finish(const Ticket& ticket, const SendResult& result);
    void finish_unknown(const Ticket& ticket, const SendResult& result);
    void note_reach(const SendResult& result);
    void retry(const Ticket& ticket, const SendResult& result);
    void bury(const Ticket& ticket, const std::string& reason);
    /// Runs `step`; when it throws, the job goes back to the queue.
    template <class Step>
    void guard(const Ticket& ticket, Step step);

    jobs::TakeLimits room() const;
    std::chrono::milliseconds patience(const jobs::TakeLimits& room) const;
    std::string hash(std::string_view text) const;

    jobs::JobConsumer& consumer_;
    Mailer& mailer_;
    const Clock& clock_;
    Rng& rng_;
    SendClaims* const claims_;
    const AskCurrentOtps ask_current_;
    const std::size_t parallel_;
    const crypto::Key hash_key_;
    const std::chrono::seconds sure_for_;
    Counters counters_;
    Breaker breaker_;
    SendHistory history_;
    JobSteps steps_;
    std::set<std::string> on_their_way_;  ///< message ids of mails in flight
    std::vector<std::string> sent_;       ///< message ids to tell the other workers of
    std::vector<std::string> released_;
    std::size_t in_flight_ = 0;
    std::size_t tried_in_flight_ = 0;  ///< of these, the ones that were tried before
    bool is_consumer_up_ = true;
    bool is_abandoning_ = false;
};

/// A code that dies within 15 s is of no use to its reader any more.
inline bool is_worth_sending(Time now, Time expires_at) {
    return now + std::chrono::seconds(15) <= expires_at;
}

/// The wait before try `attempt` + 1: 2, 5, 15, 45, then 90 s, each +-20 %.
std::chrono::milliseconds retry_delay(int attempt, Rng& rng);

}  // namespace ping::mail
