#include "ping/mail/templates.hpp"

#include "mail/fill_template.hpp"
#include "mail/template_text.hpp"
#include "ping/core/html.hpp"

#include <algorithm>

namespace ping::mail {
namespace {

constexpr std::string_view app_name = "Ping";

}  // namespace

std::string fill_template(std::string_view text, const TemplateValues& values, Escape escape) {
    std::string out;
    while (true) {
        const auto open = text.find("{{");
        const auto close = text.find("}}", open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos) {
            return out.append(text);
        }
        out.append(text.substr(0, open));
        const auto name = text.substr(open + 2, close - open - 2);
        const auto found = std::find_if(values.begin(), values.end(),
                                        [name](const auto& value) { return value.first == name; });
        if (found == values.end()) {
            out.append(text.substr(open, close + 2 - open));
        } else {
            out.append(escape == Escape::html ? escape_html(found->second) : found->second);
        }
        text.remove_prefix(close + 2);
    }
}

MailContent render_otp_mail(std::string_view code, std::chrono::seconds lifetime) {
    const auto minutes =
        std::max<std::int64_t>(1, std::chrono::floor<std::chrono::minutes>(lifetime).count());
    const TemplateValues values{
        {"code", std::string(code)}, {"minutes", std::to_string(minutes)}, {"app", std::string(app_name)}};
    MailContent mail;
    mail.subject = fill_template(otp_subject, values, Escape::none);
    mail.subject.erase(mail.subject.find_last_not_of("\r\n ") + 1);
    mail.text = fill_template(otp_txt, values, Escape::none);
    mail.html = fill_template(otp_html, values, Escape::html);
    return mail;
}

}  // namespace ping::mail
