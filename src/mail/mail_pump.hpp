#pragma once

#include "mail/breaker.hpp"
#include "mail/send_history.hpp"
#include "ping/mail/mail_worker.hpp"
#include "ping/mail/otp_mail_job.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace ping::mail {

/// What the mail thread does, turn by turn, without the thread. Knows no time but the clock's. One thread.
class MailPump {
public:
    MailPump(const MailWorkerParts& parts, IsCurrentOtp is_current, const MailWorkerOptions& options);

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
    struct Counters {
        explicit Counters(Metrics& metrics);
        Counter& sent;
        Counter& retried;
        Counter& expired;
        Counter& superseded;
        Counter& dead;
    };

    std::size_t take();
    void handle(jobs::Delivery delivery);
    void accept(const jobs::Delivery& delivery, Ticket& ticket);
    bool is_dropped(const OtpMailJob& mail, const Ticket& ticket);
    void send(OtpMailJob mail, const Ticket& ticket);
    void finish(const Ticket& ticket, const SendResult& result);
    void finish_unknown(const Ticket& ticket, const SendResult& result);
    void note_reach(const SendResult& result);
    void retry(const Ticket& ticket, const SendResult& result);
    void bury(const Ticket& ticket, const std::string& reason);
    void report(const Result<void>& outcome, const char* step, const Ticket& ticket);

    std::size_t room() const;
    std::chrono::milliseconds patience(std::size_t room) const;
    std::string hash(std::string_view text) const;

    jobs::JobConsumer& consumer_;
    Mailer& mailer_;
    const Clock& clock_;
    Rng& rng_;
    const IsCurrentOtp is_current_;
    const std::size_t parallel_;
    const crypto::Key hash_key_;
    Counters counters_;
    Breaker breaker_;
    SendHistory history_;
    std::size_t in_flight_ = 0;
    bool is_consumer_up_ = true;
    bool is_abandoning_ = false;
};

/// The wait before try `attempt` + 1: 2, 5, 15, 45, then 90 s, each +-20 %.
std::chrono::milliseconds retry_delay(int attempt, Rng& rng);

}  // namespace ping::mail
