#include "ping/auth/guess_alarm.hpp"

#include "ping/core/log.hpp"

namespace ping::auth {

GuessAlarm::GuessAlarm(std::int64_t ceiling, Metrics& metrics) : ceiling_(ceiling) {
    metrics.gauge("ping_otp_failures_24h", "Wrong guesses of all accounts in the last 24 hours",
                  [this] { return static_cast<double>(failures_); });
    metrics.gauge("ping_otp_ceiling_reached",
                  "1 while there are so many wrong guesses that every account's limit is lowered",
                  [this] { return failures_ >= ceiling_ ? 1.0 : 0.0; });
}

void GuessAlarm::note(std::int64_t failures_of_all) {
    failures_ = failures_of_all;
    if (failures_ >= ceiling_ && !is_raised_) {
        is_raised_ = true;
        log::error("otp.ceiling_reached", {{"failures_24h", failures_}, {"ceiling", ceiling_}});
    } else if (failures_ < ceiling_ / 10 * 9 && is_raised_) {  // not for each one that goes up and down
        is_raised_ = false;
        log::warn("otp.ceiling_left", {{"failures_24h", failures_}, {"ceiling", ceiling_}});
    }
}

}  // namespace ping::auth
