#pragma once

#include "ping/mail/mailer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ping::mail {

/// The part of SMTP that hands over one mail to a server that has let us in (RFC 5321 §3.3): MAIL, RCPT,
/// DATA, the text, the final dot. Knows no socket: it says what to send and is told what came.
class SmtpDialog {
public:
    /// Longer replies end the dialog; ten thousand lines fit.
    static constexpr std::size_t most_reply_bytes = 1024 * 1024;

    /// Both addresses have passed `is_address`; `text` has only CRLF line ends.
    SmtpDialog(const std::string& from, const std::string& to, const std::string& text);

    /// What waits to be sent. Valid until the next call.
    std::string_view output() const { return std::string_view(out_).substr(sent_); }
    void sent(std::size_t bytes) { sent_ += bytes; }
    void receive(std::string_view bytes);
    /// The outcome, once there is one.
    const std::optional<SendResult>& result() const { return result_; }
    /// The outcome when the connection ends here: `unknown` once the final dot is out.
    SendResult broken(std::string detail) const;
    /// Whether the reply to the final dot is awaited.
    bool is_at_dot() const { return step_ == Step::dot && output().empty(); }

private:
    enum class Step { mail, rcpt, data, dot };

    void take_line(std::string_view line);
    void take_reply(int code);
    void say(std::string text);

    Step step_ = Step::mail;
    std::string rcpt_;
    std::string text_;
    std::string out_;
    std::size_t sent_ = 0;
    std::string line_;  ///< of a reply, as far as it came
    std::size_t reply_bytes_ = 0;
    int last_code_ = 0;
    std::optional<SendResult> result_;
};

}  // namespace ping::mail
