// The end of a mail: what becomes of its job (TRUST.md §3.4 and §4.2).
#include "mail/mail_pump.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace ping::mail {
namespace {

/// Of a digest's 32: enough to tell addresses apart.
constexpr int hash_bytes_shown = 16;

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

void MailPump::finish(const Ticket& ticket, const SendResult& result) {
    if (claims_ != nullptr) {
        (result.status == SendStatus::sent ? sent_ : released_).push_back(ticket.message_id);
    }
    if (is_abandoning_ && result.status != SendStatus::sent) {
        steps_.retry(ticket.tag, ticket.message_id, std::chrono::milliseconds(0));
        return;
    }
    note_reach(result);
    switch (result.status) {
        case SendStatus::sent:
            PING_FAILPOINT(W3);
            history_.note(ticket.message_id, SendMark::sent);
            counters_.sent.add();
            log::info("mail.sent", {{"job", ticket.message_id}, {"attempt", ticket.attempt}});
            steps_.ack(ticket.tag, ticket.message_id);
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
    if (!is_worth_sending(clock_.now() + delay, ticket.expires_at)) {
        bury(ticket, "gave_up");
        return;
    }
    counters_.retried.add();
    log::warn("mail.retry", {{"job", ticket.message_id},
                             {"attempt", ticket.attempt},
                             {"reply", result.reply_code},
                             {"error", result.detail},
                             {"delay_ms", delay.count()}});
    steps_.retry(ticket.tag, ticket.message_id, delay);
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
    steps_.bury(ticket.tag, ticket.message_id, boost::json::serialize(letter));
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
