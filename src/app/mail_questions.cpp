#include "app/mail_questions.hpp"

#include "ping/core/log.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <utility>

namespace ping::app {
namespace {

constexpr std::chrono::seconds deadline{1};

using Texts = std::vector<std::string>;
using OtpAnswers = std::vector<mail::OtpAnswer>;
using Claims = std::vector<mail::SendClaims::Answer>;

/// Runs `work` on the loop while the calling thread waits. Nothing when it takes too long; it is carried to
/// its end all the same.
template <class T>
std::optional<T> ask_loop(Base& base, const char* name, std::function<Task<T>()> work) {
    auto promise = std::make_shared<std::promise<T>>();
    auto arrived = promise->get_future();
    base.loop.post([&base, name, work = std::move(work), promise] {
        base.tasks.spawn(name, [work, promise]() -> Task<> {
            auto task = work();
            auto answer = co_await std::move(task);
            promise->set_value(std::move(answer));
        });
    });
    if (arrived.wait_for(deadline) != std::future_status::ready) {
        return std::nullopt;
    }
    return arrived.get();
}

/// A store that fails is not asked again: it may have taken long to do so.
Task<OtpAnswers> answer_current(ephemeral::OtpStore& codes, const Clock& clock,
                                std::vector<mail::OtpQuestion> questions) {
    OtpAnswers answers;
    for (const auto& question : questions) {
        const auto current = co_await codes.current(question.to, clock.now());
        if (!current) {
            break;
        }
        answers.emplace_back(*current == question.otp_id);
    }
    answers.resize(questions.size());
    co_return answers;
}

mail::SendClaims::Answer to_answer(ephemeral::MailClaim claim) {
    switch (claim) {
        case ephemeral::MailClaim::busy:
            return mail::SendClaims::Answer::busy;
        case ephemeral::MailClaim::sent:
            return mail::SendClaims::Answer::sent;
        case ephemeral::MailClaim::ours:
            break;
    }
    return mail::SendClaims::Answer::ours;
}

Task<Claims> claim_all(ephemeral::MailMarks& marks, Texts ids) {
    Claims answers;
    for (const auto& id : ids) {
        const auto claimed = co_await marks.claim(id);
        if (!claimed) {
            break;
        }
        answers.push_back(to_answer(*claimed));
    }
    answers.resize(ids.size(), mail::SendClaims::Answer::ours);
    co_return answers;
}

using Mark = Task<Result<void>> (ephemeral::MailMarks::*)(std::string);

Task<bool> mark_all(ephemeral::MailMarks& marks, Mark mark, Texts ids) {
    for (const auto& id : ids) {
        const auto marked = co_await (marks.*mark)(id);
        if (!marked) {
            log::warn("mail.mark_failed", {{"job", id}, {"detail", marked.error().detail}});
            co_return false;
        }
    }
    co_return true;
}

}  // namespace

mail::AskCurrentOtps make_ask_current(Base& base, ephemeral::OtpStore& codes) {
    return [&base, &codes](const std::vector<mail::OtpQuestion>& questions) {
        const auto& clock = base.externals.clock;
        const auto answers = ask_loop<OtpAnswers>(base, "mail.ask_current", [&codes, &clock, questions] {
            return answer_current(codes, clock, questions);
        });
        return answers.value_or(OtpAnswers(questions.size()));
    };
}

std::vector<mail::SendClaims::Answer> LoopClaims::claim(const Texts& message_ids) {
    auto& marks = marks_;
    const auto answers = ask_loop<Claims>(base_, "mail.claim",
                                          [&marks, message_ids] { return claim_all(marks, message_ids); });
    return answers.value_or(Claims(message_ids.size(), Answer::ours));
}

void LoopClaims::note_sent(const Texts& message_ids) {
    auto& marks = marks_;
    ask_loop<bool>(base_, "mail.note_sent", [&marks, message_ids] {
        return mark_all(marks, &ephemeral::MailMarks::note_sent, message_ids);
    });
}

void LoopClaims::release(const Texts& message_ids) {
    auto& marks = marks_;
    ask_loop<bool>(base_, "mail.release", [&marks, message_ids] {
        return mark_all(marks, &ephemeral::MailMarks::release, message_ids);
    });
}

mail::MailWorkerOptions mail_worker_options(const Config& config, const crypto::Key& hash_key,
                                            const ephemeral::OtpStore& codes) {
    mail::MailWorkerOptions options;
    options.parallel = static_cast<std::size_t>(config.mail.workers);
    options.hash_key = hash_key;
    // A broker may have a job that it did not confirm in time: its code was withdrawn at once.
    const bool is_sure = config.jobs.engine != "rabbitmq";
    options.sure_for = is_sure ? codes.limits().resend_after : std::chrono::seconds(0);
    return options;
}

}  // namespace ping::app
