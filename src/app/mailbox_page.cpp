#include "app/mailbox_page.hpp"

#include "ping/core/html.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

namespace ping::app {
namespace {

constexpr std::string_view page_head = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox - Ping</title>
<link rel="stylesheet" href="/dev/mailbox.css">
</head>
<body>
<header>
<h1>Mailbox</h1>
<p>Mails that Ping would have sent, newest first. No mail server is set, so they stay on this machine.
The page renews itself. <a href="/dev/mailbox.json">As JSON</a></p>
</header>
<main>
)html";

constexpr std::string_view page_foot = "</main>\n</body>\n</html>\n";

constexpr std::string_view no_mail =
    "<p class=\"empty\">No mail yet. Ask for a code to log in, and it shows here.</p>\n";

std::string count_of(std::int64_t count, std::string_view unit) {
    return std::to_string(count) + " " + std::string(unit) + (count == 1 ? " ago" : "s ago");
}

/// A page without scripts knows no time zone.
std::string age(Time sent_at, Time now) {
    const auto passed = std::max(now - sent_at, std::chrono::milliseconds(0));
    if (passed < std::chrono::seconds(5)) {
        return "just now";
    }
    if (passed < std::chrono::minutes(1)) {
        return count_of(std::chrono::floor<std::chrono::seconds>(passed).count(), "second");
    }
    if (passed < std::chrono::hours(1)) {
        return count_of(std::chrono::floor<std::chrono::minutes>(passed).count(), "minute");
    }
    return count_of(std::chrono::floor<std::chrono::hours>(passed).count(), "hour");
}

/// The code, with which our subjects begin, stands out.
std::string render_subject(std::string_view subject) {
    const auto end = std::ranges::find_if_not(
        subject, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
    const auto digits = static_cast<std::size_t>(end - subject.begin());
    if (digits == 0) {
        return escape_html(subject);
    }
    return "<strong>" + std::string(subject.substr(0, digits)) + "</strong>" +
           escape_html(subject.substr(digits));
}

std::string render_mail(const mail::StoredMail& mail, Time now) {
    return "<article>\n<h2>" + render_subject(mail.subject) + "</h2>\n<p>To <b>" + escape_html(mail.to) +
           "</b>, <time datetime=\"" + to_iso8601(mail.sent_at) + "\">" + age(mail.sent_at, now) +
           "</time></p>\n<pre>" + escape_html(mail.text) + "</pre>\n</article>\n";
}

}  // namespace

const std::string_view mailbox_style = R"css(
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; font-size: 1.5rem; }
header p, article p, .empty { margin: 0.25rem 0 0; opacity: 0.75; }
article { margin-top: 1.25rem; padding: 1rem 1.25rem; border: 1px solid #8886; border-radius: 0.75rem; }
h2 { margin: 0; font-size: 1rem; font-weight: normal; }
h2 strong { margin-right: 0.5rem; font: 700 1.75rem/1.2 ui-monospace, monospace; user-select: all; }
pre { margin: 0.75rem 0 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
.empty { margin-top: 2rem; }
)css";

std::string render_mailbox_page(const std::vector<mail::StoredMail>& mails, Time now) {
    std::string page(page_head);
    if (mails.empty()) {
        page += no_mail;
    }
    for (const auto& mail : mails) {
        page += render_mail(mail, now);
    }
    return page.append(page_foot);
}

}  // namespace ping::app
