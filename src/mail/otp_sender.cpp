#include "ping/mail/otp_sender.hpp"

#include "ping/mail/otp_mail_job.hpp"
#include "ping/mail/templates.hpp"

#include <chrono>

namespace ping::mail {
namespace {

constexpr std::size_t message_id_bytes = 16;

}  // namespace

Task<Result<void>> OtpSender::send(OtpMail mail) {
    const auto lifetime = std::chrono::floor<std::chrono::seconds>(mail.expires_at - mail.now);
    auto content = render_otp_mail(mail.code, lifetime);
    OtpMailJob job;
    job.to = std::move(mail.to);
    job.subject = std::move(content.subject);
    job.text = std::move(content.text);
    job.html = std::move(content.html);
    job.otp_id = std::move(mail.otp_id);
    job.expires_at = mail.expires_at;
    auto encoded = encode_otp_mail(job, crypto::random_hex(rng_, message_id_bytes), mail.now);
    auto published = co_await queue_.publish(std::move(encoded));
    co_return published;
}

}  // namespace ping::mail
