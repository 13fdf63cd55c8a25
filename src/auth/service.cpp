#include "ping/auth/service.hpp"

#include "ping/auth/email_address.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"
#include "ping/core/utf8.hpp"

#include <utility>

namespace ping::auth {
namespace {

constexpr std::size_t device_bytes = 200;

Error wrong_code() {
    return errors::invalid("Invalid or expired OTP", "invalid_otp");
}

Error refusal(const ephemeral::OtpIssued& issued) {
    switch (issued.outcome) {
        case ephemeral::OtpIssueOutcome::wait:
            return errors::rate_limited("Too many requests. Please wait before requesting new OTP",
                                        issued.retry_after, "resend_wait");
        case ephemeral::OtpIssueOutcome::quota:
            return errors::rate_limited("Too many codes were sent to this address", issued.retry_after,
                                        "mail_quota");
        case ephemeral::OtpIssueOutcome::locked:
            return errors::rate_limited("Too many wrong codes for this address", issued.retry_after,
                                        "locked");
        case ephemeral::OtpIssueOutcome::issued:
            break;
    }
    return errors::internal("an issued code is no refusal");
}

Error too_many_from_here(std::chrono::seconds wait) {
    return errors::rate_limited("Too many requests from your network address", wait, "address_limit");
}

}  // namespace

Service::Service(Ports ports, OtpCodes codes, Sessions& sessions, const Config& config, Metrics& metrics)
    : ports_(ports),
      codes_(std::move(codes)),
      sessions_(sessions),
      token_lifetime_(config.auth.token_lifetime),
      max_sessions_(config.auth.max_sessions),
      address_limits_(ports.clock, config.limits),
      guess_alarm_(ports.codes.limits().ceiling, metrics),
      codes_sent_(metrics.counter("ping_otp_issued_total", "Codes made and queued for mailing")),
      guesses_compared_(
          metrics.counter("ping_otp_compared_total", "Guesses that were paid for and compared")),
      logins_(metrics.counter("ping_logins_total", "Sessions opened by a right code")) {}

Task<Result<LoginAnswer>> Service::login(LoginRequest request) {
    const auto email = normalise_email(request.email);
    if (!email) {
        co_return errors::invalid("Please enter a valid email address", "bad_email")
            .with_field("email", "is not an e-mail address that we accept");
    }
    if (const auto wait = address_limits_.take_mail(request.client)) {
        co_return too_many_from_here(*wait);
    }
    auto otp = codes_.make(OtpPurpose::email_login, *email);
    const auto now = ports_.clock.now();
    ephemeral::OtpIssue issue{*email, mailbox_of(*email), otp.id, otp.key_id, otp.nonce, otp.mac, now};
    const auto issued = co_await ports_.codes.issue(std::move(issue));
    if (!issued) {
        co_return issued.error();
    }
    if (issued->outcome != ephemeral::OtpIssueOutcome::issued) {
        co_return refusal(*issued);
    }
    PING_FAILPOINT(O1);
    const auto& limits = ports_.codes.limits();
    mail::OtpMail mail{*email, std::move(otp.code), otp.id, now, now + limits.lifetime};
    const auto sent = co_await ports_.sender.send(std::move(mail));
    if (!sent) {
        // Without its mail the code is of no use, and the resend lock would keep the person from asking
        // again.
        const auto withdrawn = co_await ports_.codes.withdraw(*email, otp.id);
        if (!withdrawn) {
            log::warn("otp.withdraw_failed", {{"detail", withdrawn.error().detail}});
        }
        co_return sent.error();
    }
    PING_FAILPOINT(O3);
    codes_sent_.add();
    co_return LoginAnswer{otp.id, limits.resend_after, limits.lifetime};
}

Task<Result<VerifyAnswer>> Service::verify(VerifyRequest request) {
    const std::string client = request.client;
    if (const auto wait = address_limits_.take_guess(client)) {
        co_return too_many_from_here(*wait);
    }
    auto answer = co_await try_code(std::move(request));
    if (answer || is_server_fault(answer.error().code)) {
        address_limits_.give_back_guess(client);
    }
    co_return answer;
}

Task<Result<VerifyAnswer>> Service::try_code(VerifyRequest request) {
    const auto email = normalise_email(request.email);
    if (!email || !OtpCodes::is_code(request.otp)) {
        co_return wrong_code();
    }
    // A header may hold any bytes; what the store keeps is shown as text.
    std::string device(utf8::is_valid(request.device) ? utf8::prefix(request.device, device_bytes) : "");
    ephemeral::OtpGuess guess{*email, std::move(request.flow_id), ports_.clock.now(), {}};
    guess.is_right = codes_.matcher(OtpPurpose::email_login, *email, std::move(request.otp));
    auto guessed = co_await ports_.codes.guess(std::move(guess));
    if (!guessed) {
        co_return guessed.error();
    }
    guess_alarm_.note(guessed->failures_of_all);
    if (guessed->verdict != ephemeral::OtpVerdict::refused) {
        guesses_compared_.add();
    }
    if (guessed->verdict != ephemeral::OtpVerdict::right) {
        co_return wrong_code();
    }
    PING_FAILPOINT(V2);
    auto opened = co_await open_session(*email, std::move(guessed->id), std::move(device));
    co_return opened;
}

Task<Result<VerifyAnswer>> Service::open_session(std::string email, std::string otp_id, std::string device) {
    const auto now = ports_.clock.now();
    storage::Login login;
    login.email = email;
    login.fresh_user = ports_.ids.make<UserId>();
    login.fresh_name = default_name(email);
    login.session = ports_.ids.make<SessionId>();
    login.otp_id = std::move(otp_id);
    login.device = std::move(device);
    login.now = now;
    login.expires_at = now + token_lifetime_;
    login.max_sessions = max_sessions_;
    const auto opened = co_await ports_.sessions.open(std::move(login));
    if (!opened) {
        // The code was spent before: a store that had lost the deletion handed it out again (TRUST.md T6).
        co_return opened.error().code == ErrorCode::conflict ? wrong_code() : opened.error();
    }
    PING_FAILPOINT(V3);
    sessions_.forget(opened->user.id, opened->evicted);
    logins_.add();
    const Identity identity{opened->user.id, opened->session.id, opened->session.expires_at};
    co_return VerifyAnswer{opened->user, sessions_.sign(identity)};
}

}  // namespace ping::auth
