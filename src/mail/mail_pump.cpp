#include "mail/mail_pump.hpp"

#include "mail/message.hpp"
#include "ping/core/log.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ping::mail {
namespace {

/// A code that dies sooner is of no use to its reader any more.
constexpr std::chrono::seconds least_life{15};
/// Also the bound of every wait: so a clock that stands still or a lost wake can't hold the thread.
constexpr std::chrono::milliseconds longest_wait{1'000};
/// Where the queue says "due" but gives nothing (someone else holds the job), so as not to spin.
constexpr std::chrono::milliseconds shortest_wait{20};
/// Of a digest's 32: enough to tell addresses apart.
constexpr int hash_bytes_shown = 16;

std::string reason_of(const Error& error) {
    return error.detail.empty() ? error.message : error.message + ": " + error.detail;
}

}  // namespace

std::chrono::milliseconds retry_delay(int attempt, Rng& rng) {
    static constexpr std::array<int, 5> seconds{2, 5, 15, 45, 90};
    const auto step = static_cast<std::size_t>(std::clamp(attempt, 1, static_cast<int>(seconds.size()))) - 1;
    const int base = seconds[step] * 1'000;
    const int spread = base / 5;
    const auto jitter = static_cast<int>(crypto::uniform(rng, static_cast<std::uint32_t>(2 * spread + 1)));
    return std::chrono::milliseconds(base - spread + jitter);
}

MailPump::Counters::Counters(Metrics& metrics)
    : sent(metrics.counter("ping_mail_sent_total", "Mails the mail server took")),
      retried(metrics.counter("ping_mail_retried_total", "Tries that failed and will be repeated")),
      expired(metrics.counter("ping_mail_expired_total", "Mails not sent because their code had expired")),
      superseded(metrics.counter("ping_mail_superseded_total", "Mails not sent because a newer code exists")),
      dead(metrics.counter("ping_mail_dead_total", "Mail jobs given up as dead letters")) {}

MailPump::MailPump(const MailWorkerParts& parts, IsCurrentOtp is_current, const MailWorkerOptions& options)
    : consumer_(parts.consumer),
      mailer_(parts.mailer),
      clock_(parts.clock),
      rng_(parts.rng),
      is_current_(std::move(is_current)),
      parallel_(std::max<std::size_t>(options.parallel, 1)),
      hash_key_(options.hash_key),
      counters_(parts.metrics) {}

std::size_t MailPump::room() const {
    return breaker_.room(clock_.steady_now(), in_flight_, parallel_);
}

void MailPump::turn() {
    const std::size_t room_before = room();
    const std::size_t taken = take();
    const std::size_t room_left = room();
    if (room_before > 0 && taken == room_before && room_left > 0) {
        mailer_.wait(-1, std::chrono::milliseconds(0));  // there may be more to take
        return;
    }
    // A readable descriptor must not wake us while we could not take anything: that would spin.
    const bool is_taking = room_left > 0 && is_consumer_up_;
    const int ready_fd = is_taking ? consumer_.ready_fd() : -1;
    mailer_.wait(ready_fd, patience(is_taking ? room_left : 0));
}

void MailPump::drain_turn() {
    if (const auto none = consumer_.take(0); !none) {
        log::warn("mail.consumer", {{"error", reason_of(none.error())}});
    }
    mailer_.wait(-1, longest_wait);
}

void MailPump::abandon() {
    is_abandoning_ = true;
    mailer_.abort_all();
}

std::chrono::milliseconds MailPump::patience(std::size_t room) const {
    auto wait = longest_wait;
    if (const auto opens_at = breaker_.opens_at()) {
        const auto until = std::chrono::ceil<std::chrono::milliseconds>(*opens_at - clock_.steady_now());
        wait = until.count() > 0 ? std::min(wait, until) : wait;
    }
    if (room > 0) {
        if (const auto due = consumer_.next_due()) {
            wait = std::min(wait, std::max(shortest_wait, *due - clock_.now()));
        }
    }
    return wait;
}

/// Also called without room: a broker's connection is kept alive within its calls.
std::size_t MailPump::take() {
    auto deliveries = consumer_.take(room());
    if (!deliveries) {
        if (is_consumer_up_) {
            log::warn("mail.consumer_down", {{"error", reason_of(deliveries.error())}});
        }
        is_consumer_up_ = false;
        return 0;
    }
    if (!is_consumer_up_) {
        log::info("mail.consumer_up");
        is_consumer_up_ = true;
    }
    for (auto& delivery : *deliveries) {
        handle(std::move(delivery));
    }
    return deliveries->size();
}

void MailPump::handle(jobs::Delivery delivery) {
    Ticket ticket;
    ticket.tag = delivery.tag;
    ticket.attempt = delivery.attempt;
    ticket.created_at = delivery.job.created_at;
    // Jobs of other services may have no id, or one unfit for a header: the same job then gets the same
    // stand-in.
    const auto& id = delivery.job.message_id;
    ticket.message_id = is_message_id(id) ? id : "h-" + hash(id.empty() ? delivery.job.body : id);
    try {
        accept(delivery, ticket);
    } catch (const std::exception& failure) {
        log::error("mail.job_failed", {{"job", ticket.message_id}, {"error", failure.what()}});
        const auto delay = retry_delay(ticket.attempt, rng_);
        report(consumer_.retry(ticket.tag, delay), "retry", ticket);
    }
}

void MailPump::accept(const jobs::Delivery& delivery, Ticket& ticket) {
    auto mail = decode_otp_mail(delivery.job);
    if (!mail) {
        bury(ticket, mail.error().slug);
        return;
    }
    ticket.to_hash = hash(mail->to);
    ticket.expires_at = mail->expires_at;
    if (!is_dropped(*mail, ticket)) {
        send(std::move(*mail), ticket);
    }
}

bool MailPump::is_dropped(const OtpMailJob& mail, const Ticket& ticket) {
    if (history_.find(ticket.message_id) == SendMark::sent) {
        log::info("mail.again", {{"job", ticket.message_id}});
    } else if (clock_.now() + least_life > ticket.expires_at) {
        counters_.expired.add();
        log::info("mail.expired", {{"job", ticket.message_id}, {"attempt", ticket.attempt}});
    } else if (!mail.otp_id.empty() && is_current_ && is_current_(mail.to, mail.otp_id) == false) {
        counters_.superseded.add();
        log::info("mail.superseded", {{"job", ticket.message_id}});
    } else {
        return false;
    }
    report(consumer_.ack(ticket.tag), "ack", ticket);
    return true;
}

void MailPump::send(OtpMailJob mail, const Ticket& ticket) {
    Mail out;
    out.message_id = ticket.message_id;
    out.to = std::move(mail.to);
    out.subject = std::move(mail.subject);
    out.text = std::move(mail.text);
    out.html = std::move(mail.html);
    out.created_at = ticket.created_at;
    ++in_flight_;
    try {
        mailer_.send(std::move(out), [this, ticket](const SendResult& result) {
            --in_flight_;
            try {
                finish(ticket, result);
            } catch (const std::exception& failure) {
                // The job is still the queue's: it will deliver it again.
                log::error("mail.job_failed", {{"job", ticket.message_id}, {"error", failure.what()}});
            }
        });
    } catch (...) {
        --in_flight_;
        throw;
    }
}

void MailPump::finish(const Ticket& ticket, const SendResult& result) {
    if (is_abandoning_ && result.status != SendStatus::sent) {
        report(consumer_.retry(ticket.tag, std::chrono::milliseconds(0)), "retry", ticket);
        return;
    }
    note_reach(result);
    switch (result.status) {
        case SendStatus::sent:
            history_.note(ticket.message_id, SendMark::sent);
            counters_.sent.add();
            log::info("mail.sent", {{"job", ticket.message_id}, {"attempt", ticket.attempt}});
            report(consumer_.ack(ticket.tag), "ack", ticket);
            return;
        case SendStatus::temporary:
            retry(ticket, result);
            return;
        case SendStatus::permanent:
            bury(ticket, "refused_" + std::to_string(result.reply_code));
            return;
        case SendStatus::unknown:
            finish_unknown(ticket, result);
            return;
    }
}

void MailPump::finish_unknown(const Ticket& ticket, const SendResult& result) {
    if (history_.find(ticket.message_id) == SendMark::unknown) {
        bury(ticket, "outcome_unknown");
        return;
    }
    history_.note(ticket.message_id, SendMark::unknown);
    retry(ticket, result);
}

void MailPump::note_reach(const SendResult& result) {
    if (breaker_.note(result.reached, clock_.steady_now())) {
        log::warn("mail.breaker_open", {{"reply", result.reply_code}, {"error", result.detail}});
    }
}

void MailPump::retry(const Ticket& ticket, const SendResult& result) {
    const auto delay = retry_delay(ticket.attempt, rng_);
    if (clock_.now() + delay + least_life > ticket.expires_at) {
        bury(ticket, "gave_up");
        return;
    }
    counters_.retried.add();
    log::warn("mail.retry", {{"job", ticket.message_id},
                             {"attempt", ticket.attempt},
                             {"reply", result.reply_code},
                             {"error", result.detail},
                             {"delay_ms", delay.count()}});
    report(consumer_.retry(ticket.tag, delay), "retry", ticket);
}

void MailPump::bury(const Ticket& ticket, const std::string& reason) {
    counters_.dead.add();
    boost::json::object letter;
    letter["message_id"] = ticket.message_id;
    letter["to_hash"] = ticket.to_hash;
    letter["reason"] = reason;
    letter["attempts"] = ticket.attempt;
    letter["first_seen"] = to_iso8601(ticket.created_at);
    log::error("mail.dead", {{"job", ticket.message_id}, {"attempt", ticket.attempt}, {"reason", reason}});
    report(consumer_.bury(ticket.tag, boost::json::serialize(letter)), "bury", ticket);
}

/// A step that failed is not repeated: the queue delivers the job again, and the history knows it.
void MailPump::report(const Result<void>& outcome, const char* step, const Ticket& ticket) {
    if (!outcome) {
        log::warn("mail.queue_step_failed",
                  {{"job", ticket.message_id}, {"step", step}, {"error", reason_of(outcome.error())}});
    }
}

std::string MailPump::hash(std::string_view text) const {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto digest = crypto::hmac_sha256(hash_key_, text);
    std::string out;
    for (int i = 0; i < hash_bytes_shown; ++i) {
        const auto byte = digest[static_cast<std::size_t>(i)];
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    }
    return out;
}

}  // namespace ping::mail
