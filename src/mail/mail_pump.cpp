#include "mail/mail_pump.hpp"

#include "mail/message.hpp"
#include "ping/core/exception_text.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ping::mail {
namespace {

/// Also the bound of every wait: so a clock that stands still or a lost wake can't hold the thread.
constexpr std::chrono::milliseconds longest_wait{1'000};
/// Where the queue says "due" but gives nothing (someone else holds the job), so as not to spin.
constexpr std::chrono::milliseconds shortest_wait{20};
/// A mail that is on its way already, by us or by another worker, whose job has come again.
constexpr std::chrono::seconds busy_delay{5};

std::string reason_of(const Error& error) {
    return error.detail.empty() ? error.message : error.message + ": " + error.detail;
}

}  // namespace

MailPump::MailPump(const MailWorkerParts& parts, AskCurrentOtps ask_current, const MailWorkerOptions& options)
    : consumer_(parts.consumer),
      mailer_(parts.mailer),
      clock_(parts.clock),
      rng_(parts.rng),
      claims_(parts.claims),
      ask_current_(std::move(ask_current)),
      parallel_(std::max<std::size_t>(options.parallel, 1)),
      hash_key_(options.hash_key),
      sure_for_(options.sure_for),
      counters_(parts.metrics),
      steps_(parts.consumer, parts.clock) {}

template <class Step>
void MailPump::guard(const Ticket& ticket, Step step) {
    try {
        step();
    } catch (...) {
        log::error("mail.job_failed", {{"job", ticket.message_id}, {"error", exception_text()}});
        steps_.retry(ticket.tag, ticket.message_id, retry_delay(ticket.attempt, rng_));
    }
}

/// Mails that were tried before take half of the places at most: what hangs must not hold up what is new.
jobs::TakeLimits MailPump::room() const {
    jobs::TakeLimits room;
    room.all = breaker_.room(clock_.steady_now(), in_flight_, parallel_);
    const auto most_tried = std::max<std::size_t>(parallel_ / 2, 1);
    room.tried = std::min(room.all, most_tried - std::min(most_tried, tried_in_flight_));
    return room;
}

void MailPump::turn() {
    const bool is_clear = steps_.repeat();
    const auto before = is_clear ? room() : jobs::TakeLimits();
    const std::size_t taken = take(before);
    flush_outcomes();  // of what has ended without a wait
    const auto left = is_clear ? room() : jobs::TakeLimits();
    if (before.all > 0 && taken == before.all && left.all > 0) {
        mailer_.wait(-1, std::chrono::milliseconds(0));  // there may be more to take
    } else {
        // A readable descriptor must not wake us while we could not take anything: that would spin.
        const bool is_taking = left.all > 0 && is_consumer_up_;
        const int ready_fd = is_taking ? consumer_.ready_fd() : -1;
        mailer_.wait(ready_fd, patience(is_taking ? left : jobs::TakeLimits()));
    }
    flush_outcomes();
}

void MailPump::flush_outcomes() {
    if (claims_ != nullptr && !released_.empty()) {
        claims_->release(std::exchange(released_, {}));
    }
    if (claims_ != nullptr && !sent_.empty()) {
        claims_->note_sent(std::exchange(sent_, {}));
    }
    steps_.flush_acks();
}

void MailPump::drain_turn() {
    steps_.repeat();
    if (const auto none = consumer_.take({}); !none) {
        log::warn("mail.consumer", {{"error", reason_of(none.error())}});
    }
    mailer_.wait(-1, longest_wait);
    flush_outcomes();
}

void MailPump::abandon() {
    is_abandoning_ = true;
    mailer_.abort_all();
    steps_.repeat();
    flush_outcomes();
}

std::chrono::milliseconds MailPump::patience(const jobs::TakeLimits& room) const {
    auto wait = longest_wait;
    if (const auto opens_at = breaker_.opens_at()) {
        const auto until = std::chrono::ceil<std::chrono::milliseconds>(*opens_at - clock_.steady_now());
        wait = until.count() > 0 ? std::min(wait, until) : wait;
    }
    // What is delayed was tried.
    if (room.tried > 0) {
        if (const auto due = consumer_.next_due()) {
            wait = std::min(wait, std::max(shortest_wait, *due - clock_.now()));
        }
    }
    return wait;
}

/// Also called without room: a broker's connection is kept alive within its calls.
std::size_t MailPump::take(const jobs::TakeLimits& limits) {
    const auto deliveries = consumer_.take(limits);
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
    std::vector<Candidate> candidates;
    for (const auto& delivery : *deliveries) {
        auto ticket = ticket_of(delivery);
        guard(ticket, [&] {
            PING_FAILPOINT(W1);
            const bool is_twin = std::ranges::any_of(candidates, [&](const Candidate& other) {
                return other.ticket.message_id == ticket.message_id;
            });
            if (is_twin) {
                steps_.retry(ticket.tag, ticket.message_id, busy_delay);
            } else if (auto mail = open(delivery, ticket)) {
                candidates.push_back({ticket, std::move(*mail)});
            }
        });
    }
    send_current(std::move(candidates));
    return deliveries->size();
}

MailPump::Ticket MailPump::ticket_of(const jobs::Delivery& delivery) const {
    Ticket ticket;
    ticket.tag = delivery.tag;
    ticket.attempt = delivery.attempt;
    ticket.created_at = delivery.job.created_at;
    // Jobs of other services may have no id, or one unfit for a header: the same job then gets the same
    // stand-in.
    const auto& id = delivery.job.message_id;
    ticket.message_id = is_message_id(id) ? id : "h-" + hash(id.empty() ? delivery.job.body : id);
    return ticket;
}

std::optional<OtpMailJob> MailPump::open(const jobs::Delivery& delivery, Ticket& ticket) {
    auto mail = decode_otp_mail(delivery.job);
    if (!mail) {
        bury(ticket, mail.error().slug);
        return std::nullopt;
    }
    ticket.to_hash = hash(mail->to);
    ticket.expires_at = mail->expires_at;
    if (is_over(ticket)) {
        steps_.ack(ticket.tag, ticket.message_id);
        return std::nullopt;
    }
    if (on_their_way_.contains(ticket.message_id)) {
        steps_.retry(ticket.tag, ticket.message_id, busy_delay);
        return std::nullopt;
    }
    return std::move(*mail);
}

bool MailPump::is_over(const Ticket& ticket) {
    if (history_.find(ticket.message_id) == SendMark::sent) {
        log::info("mail.again", {{"job", ticket.message_id}});
        return true;
    }
    if (!is_worth_sending(clock_.now(), ticket.expires_at)) {
        counters_.expired.add();
        log::info("mail.expired", {{"job", ticket.message_id}, {"attempt", ticket.attempt}});
        return true;
    }
    return false;
}

void MailPump::send_current(std::vector<Candidate> candidates) {
    const auto answers = ask_current(candidates);
    std::vector<Candidate> current;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        auto& candidate = candidates[i];
        if (answers[i] == false) {
            counters_.superseded.add();
            log::info("mail.superseded", {{"job", candidate.ticket.message_id}});
            steps_.ack(candidate.ticket.tag, candidate.ticket.message_id);
        } else {
            current.push_back(std::move(candidate));
        }
    }
    for (auto& [ticket, mail] : claim(std::move(current))) {
        guard(ticket, [&, this] { send(std::move(mail), ticket); });
    }
}

std::vector<MailPump::Candidate> MailPump::claim(std::vector<Candidate> candidates) {
    if (claims_ == nullptr || candidates.empty()) {
        return candidates;
    }
    std::vector<std::string> ids;
    std::ranges::transform(candidates, std::back_inserter(ids),
                           [](const Candidate& candidate) { return candidate.ticket.message_id; });
    const auto answers = claims_->claim(ids);
    std::vector<Candidate> ours;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& ticket = candidates[i].ticket;
        switch (answers[i]) {
            case SendClaims::Answer::ours:
                ours.push_back(std::move(candidates[i]));
                break;
            case SendClaims::Answer::busy:
                steps_.retry(ticket.tag, ticket.message_id, busy_delay);
                break;
            case SendClaims::Answer::sent:
                log::info("mail.again", {{"job", ticket.message_id}});
                steps_.ack(ticket.tag, ticket.message_id);
                break;
        }
    }
    return ours;
}

/// Codes of other services have no id. A job from the future is one of before the clock went back.
bool MailPump::may_be_superseded(const Candidate& candidate) const {
    const auto age = clock_.now() - candidate.ticket.created_at;
    return !candidate.mail.otp_id.empty() && (age >= sure_for_ || age < age.zero());
}

/// As many answers as candidates; none where there was no question.
std::vector<OtpAnswer> MailPump::ask_current(const std::vector<Candidate>& candidates) const {
    std::vector<OtpAnswer> answers(candidates.size());
    std::vector<OtpQuestion> questions;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (may_be_superseded(candidates[i])) {
            questions.push_back({candidates[i].mail.to, candidates[i].mail.otp_id});
            asked.push_back(i);
        }
    }
    if (questions.empty() || !ask_current_) {
        return answers;
    }
    const auto given = ask_current_(questions);
    for (std::size_t i = 0; i < std::min(asked.size(), given.size()); ++i) {
        answers[asked[i]] = given[i];
    }
    return answers;
}

void MailPump::send(OtpMailJob mail, const Ticket& ticket) {
    Mail out;
    out.message_id = ticket.message_id;
    out.to = std::move(mail.to);
    out.subject = std::move(mail.subject);
    out.text = std::move(mail.text);
    out.html = std::move(mail.html);
    out.created_at = ticket.created_at;
    out.time_left = ticket.expires_at - clock_.now();
    enter(ticket);
    try {
        mailer_.send(std::move(out), [this, ticket](const SendResult& result) {
            leave(ticket);
            guard(ticket, [&] { finish(ticket, result); });
        });
    } catch (...) {
        leave(ticket);
        throw;
    }
}

void MailPump::enter(const Ticket& ticket) {
    ++in_flight_;
    on_their_way_.insert(ticket.message_id);
    tried_in_flight_ += ticket.attempt > 1 ? 1 : 0;
}

void MailPump::leave(const Ticket& ticket) {
    --in_flight_;
    on_their_way_.erase(ticket.message_id);
    tried_in_flight_ -= ticket.attempt > 1 ? 1 : 0;
}

}  // namespace ping::mail
