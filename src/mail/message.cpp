#include "mail/message.hpp"

#include "mail/encoding.hpp"
#include "ping/core/internet_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace ping::mail {
namespace {

constexpr std::size_t most_id_bytes = 64;

std::string from_header(const Mailbox& from) {
    if (from.name.empty()) {
        return from.address;
    }
    std::string name = header_text(from.name);
    if (name == from.name) {
        name = "\"";
        for (const char c : from.name) {
            if (c == '"' || c == '\\') {
                name.push_back('\\');
            }
            name.push_back(c);
        }
        name.push_back('"');
    }
    return name + " <" + from.address + ">";
}

void append_part(std::string& out, std::string_view type, std::string_view text) {
    out.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
    out.append("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    out.append(quoted_printable(text));
}

}  // namespace

std::string to_mail_date(Time time) {
    return to_internet_date(time) + " +0000";
}

bool is_message_id(std::string_view text) {
    return !text.empty() && text.size() <= most_id_bytes && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

Result<std::string> build_message(const Mail& mail, const Mailbox& from) {
    if (!is_address(mail.to) || !is_address(from.address)) {
        return errors::invalid("a mail's address is not one addr-spec", "bad_address");
    }
    if (has_controls(mail.subject) || has_controls(from.name) || !is_message_id(mail.message_id)) {
        return errors::invalid("a mail's header holds bytes it must not", "bad_header");
    }
    std::string out;
    out.append("Date: ").append(to_mail_date(mail.created_at)).append("\r\n");
    out.append("From: ").append(from_header(from)).append("\r\n");
    out.append("To: ").append(mail.to).append("\r\n");
    out.append("Subject: ").append(header_text(mail.subject)).append("\r\n");
    out.append("Message-ID: <").append(mail.message_id).append("@").append(domain_of(from.address));
    out.append(">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    if (mail.html.empty()) {
        append_part(out, "text/plain", mail.text);
        return out;
    }
    // `=_` cannot occur in quoted-printable text (RFC 2045 §6.7), so no part can hold the boundary.
    static constexpr std::string_view boundary = "=_ping_part";
    out.append("Content-Type: multipart/alternative; boundary=\"").append(boundary).append("\"\r\n\r\n");
    out.append("--").append(boundary).append("\r\n");
    append_part(out, "text/plain", mail.text);
    out.append("--").append(boundary).append("\r\n");
    append_part(out, "text/html", mail.html);
    out.append("--").append(boundary).append("--\r\n");
    return out;
}

}  // namespace ping::mail
