#include "ping/auth/guess_alarm.hpp"

#include "ping/core/log.hpp"
#include "support/captured_stderr.hpp"

#include <catch2/catch.hpp>

#include <string>

using ping::Metrics;
using ping::auth::GuessAlarm;
using ping::test::CapturedStderr;

namespace {

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

bool has_line(const Metrics& metrics, const std::string& line) {
    return metrics.to_text().find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("T5: reaching the ceiling of wrong guesses is one alarm in the log and shows in the metrics",
          "[auth]") {
    ping::log::configure(ping::LogFormat::text, ping::LogLevel::warn);
    Metrics metrics;
    GuessAlarm alarm(20'000, metrics);
    CapturedStderr captured;
    alarm.note(19'999);
    CHECK(has_line(metrics, "ping_otp_failures_24h 19999"));
    CHECK(has_line(metrics, "ping_otp_ceiling_reached 0"));
    for (const auto failures : {20'000, 20'001, 19'999, 20'000, 25'000}) {
        alarm.note(failures);
    }
    CHECK(has_line(metrics, "ping_otp_failures_24h 25000"));
    CHECK(has_line(metrics, "ping_otp_ceiling_reached 1"));
    alarm.note(12);
    CHECK(has_line(metrics, "ping_otp_ceiling_reached 0"));
    alarm.note(20'000);
    ping::log::flush();
    const auto log = captured.take();
    CHECK(count(log, "ERROR otp.ceiling_reached") == 2);
    CHECK(count(log, "otp.ceiling_left failures_24h=12") == 1);
}
