#include "mail/smtp_dialog.hpp"

#include <utility>

namespace ping::mail {
namespace {

constexpr int go_on = 354;
constexpr int first_temporary = 400;
constexpr int first_permanent = 500;
constexpr std::size_t code_digits = 3;

/// RFC 5321 §4.5.2, with the final dot.
std::string stuffed(const std::string& text) {
    std::string out;
    out.reserve(text.size() + 8);
    bool is_at_start = true;
    for (const char c : text) {
        if (c == '.' && is_at_start) {
            out.push_back('.');
        }
        out.push_back(c);
        is_at_start = c == '\n';
    }
    out.append(is_at_start ? ".\r\n" : "\r\n.\r\n");
    return out;
}

/// The reply code, or 0.
int code_of(std::string_view line) {
    int code = 0;
    for (const char digit : line.substr(0, code_digits)) {
        if (digit < '0' || digit > '9') {
            return 0;
        }
        code = code * 10 + (digit - '0');
    }
    return line.size() >= code_digits ? code : 0;
}

}  // namespace

SmtpDialog::SmtpDialog(const std::string& from, const std::string& to, const std::string& text)
    : rcpt_("RCPT TO:<" + to + ">\r\n"), text_(stuffed(text)) {
    say("MAIL FROM:<" + from + ">\r\n");
}

void SmtpDialog::say(std::string text) {
    out_ = std::move(text);
    sent_ = 0;
}

void SmtpDialog::receive(std::string_view bytes) {
    while (!bytes.empty() && !result_) {
        const auto end = bytes.find('\n');
        const auto part = bytes.substr(0, end);
        reply_bytes_ += part.size() + 1;
        if (reply_bytes_ > most_reply_bytes) {
            result_ = broken("the reply is too long");
            return;
        }
        line_.append(part);
        if (end == std::string_view::npos) {
            return;
        }
        bytes.remove_prefix(end + 1);
        take_line(line_);
        line_.clear();
    }
}

void SmtpDialog::take_line(std::string_view line) {
    const int code = code_of(line);
    if (code == 0) {
        result_ = broken("the reply is not SMTP");
        return;
    }
    const bool is_last = line.size() == code_digits || line[code_digits] != '-';
    if (is_last) {
        reply_bytes_ = 0;
        last_code_ = code;
        take_reply(code);
    }
}

void SmtpDialog::take_reply(int code) {
    if (!output().empty() && code < first_temporary) {
        result_ = broken("a reply came before its command was out");
        return;
    }
    const bool is_good = step_ == Step::data ? code == go_on : code / 100 == 2;
    if (!is_good) {
        SendResult refusal;
        refusal.status = code >= first_permanent ? SendStatus::permanent : SendStatus::temporary;
        refusal.reply_code = code;
        refusal.detail = code < first_temporary ? "an unexpected reply" : "refused";
        result_ = std::move(refusal);
        return;
    }
    switch (step_) {
        case Step::mail:
            step_ = Step::rcpt;
            say(std::move(rcpt_));
            return;
        case Step::rcpt:
            step_ = Step::data;
            say("DATA\r\n");
            return;
        case Step::data:
            step_ = Step::dot;
            say(std::move(text_));
            return;
        case Step::dot: {
            SendResult taken;
            taken.reply_code = code;
            result_ = std::move(taken);
            return;
        }
    }
}

SendResult SmtpDialog::broken(std::string detail) const {
    SendResult result;
    result.status = is_at_dot() ? SendStatus::unknown : SendStatus::temporary;
    result.reply_code = last_code_;
    result.detail = std::move(detail);
    return result;
}

}  // namespace ping::mail
