#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ping::mail {

/// What a mail says; `html` shows the same as `text`.
struct MailContent {
    std::string subject;
    std::string text;
    std::string html;
};

/// The mail that carries a one-time code, from config/mail/otp.{subject,txt,html} as they were at build time.
/// The lifetime is shown in whole minutes, rounded down, at least one. Any thread.
MailContent render_otp_mail(std::string_view code, std::chrono::seconds lifetime);

}  // namespace ping::mail
