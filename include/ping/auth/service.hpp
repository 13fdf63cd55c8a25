#pragma once

#include "ping/auth/address_limits.hpp"
#include "ping/auth/guess_alarm.hpp"
#include "ping/auth/otp.hpp"
#include "ping/auth/sessions.hpp"
#include "ping/auth/types.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/id.hpp"
#include "ping/core/metrics.hpp"
#include "ping/ephemeral/otp_store.hpp"
#include "ping/mail/otp_sender.hpp"
#include "ping/storage/session_store.hpp"

namespace ping::auth {

/// Login by a code that arrives by mail. Loop thread.
class Service {
public:
    struct Ports {
        ephemeral::OtpStore& codes;
        storage::SessionStore& sessions;
        mail::OtpSender& sender;
        const Clock& clock;
        IdGenerator& ids;
    };
    Service(Ports ports, OtpCodes codes, Sessions& sessions, const Config& config, Metrics& metrics);

    /// Makes a code and queues its mail. invalid (bad address), rate_limited (resend lock, quota, locked
    /// account, network address), unavailable (code store or queue; nothing is then left behind that would
    /// keep the person waiting, unless Redis did what was asked and its answer was lost).
    Task<Result<LoginAnswer>> login(LoginRequest request);
    /// Opens a session for the right code. One answer for every failure: invalid "Invalid or expired OTP".
    Task<Result<VerifyAnswer>> verify(VerifyRequest request);

private:
    Task<Result<VerifyAnswer>> try_code(VerifyRequest request);
    Task<Result<VerifyAnswer>> open_session(std::string email, std::string otp_id, std::string device);

    Ports ports_;
    OtpCodes codes_;
    Sessions& sessions_;
    const std::chrono::seconds token_lifetime_;
    const int max_sessions_;
    AddressLimits address_limits_;
    GuessAlarm guess_alarm_;
    Counter& codes_sent_;
    Counter& guesses_compared_;
    Counter& logins_;
};

}  // namespace ping::auth
