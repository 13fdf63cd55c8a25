#pragma once

#include "mail/mail_pump.hpp"
#include "ping/mail/otp_mail_job.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_mailer.hpp"
#include "support/fake_rng.hpp"
#include "support/memory_job_queue.hpp"

#include <boost/json/parse.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ping::test {

using namespace std::chrono_literals;

/// How a try to send has ended; `reached`: a server let us in.
inline mail::SendResult outcome(mail::SendStatus status, int reply = 0, bool reached = true) {
    mail::SendResult result;
    result.status = status;
    result.reply_code = reply;
    result.reached = reached;
    return result;
}

inline const mail::SendResult busy = outcome(mail::SendStatus::temporary, 451);

/// A pump with four places between a queue in memory and a mailer that does as the test says, turn by turn.
struct MailPumpFixture {
    FakeClock clock;
    FakeRng rng;
    Metrics metrics;
    MemoryJobConsumer queue{clock};
    FakeMailer mailer;
    mail::OtpAnswer is_current = true;
    std::vector<std::string> asked;  ///< one text for all questions of a turn
    mail::MailPump pump{{queue, mailer, clock, rng, metrics},
                        [this](const std::vector<mail::OtpQuestion>& questions) {
                            auto& text = asked.emplace_back();
                            for (const auto& [to, otp_id] : questions) {
                                text += (text.empty() ? "" : " ") + to + "/" + otp_id;
                            }
                            return std::vector<mail::OtpAnswer>(questions.size(), is_current);
                        },
                        {4, {}, 5s}};

    void push(const std::string& id, std::chrono::seconds life = 300s) {
        const mail::OtpMailJob job{"ana@example.com", "314159 is your code", "314159", "",
                                   "flow-" + id,      clock.now() + life};
        queue.push(mail::encode_otp_mail(job, id, clock.now()));
    }
    /// Moves the clock by `delay` and takes two turns: one to start, one to see the end.
    void turns(std::chrono::milliseconds delay = 0ms) {
        clock.advance(delay);
        pump.turn();
        pump.turn();
    }
    bool counts(const std::string& line) const {
        return metrics.to_text().find("ping_mail_" + line + "\n") != std::string::npos;
    }
    std::string reason() const {
        const auto letter = boost::json::parse(queue.dead().at(0));
        return std::string(letter.as_object().at("reason").as_string());
    }
};

}  // namespace ping::test
