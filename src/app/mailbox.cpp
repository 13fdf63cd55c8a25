#include "ping/app/mailbox.hpp"

#include "ping/app/local_request.hpp"

#include <boost/json/array.hpp>

namespace ping::app {
namespace {

Error nothing_here() {
    return errors::not_found("Not found");
}

std::string escape_html(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped.push_back(c);
        }
    }
    return escaped;
}

std::string render_page(const std::vector<mail::StoredMail>& mails) {
    std::string page =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
        "content=\"3\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>Ping mailbox</title></head><body>"
        "<h1>Mailbox</h1><p>Mails that would have been sent. Newest first; the page renews itself.</p>";
    if (mails.empty()) {
        page += "<p>No mail yet.</p>";
    }
    for (const auto& mail : mails) {
        page += "<article><h2>" + escape_html(mail.subject) + "</h2><p>To " + escape_html(mail.to) + ", " +
                to_iso8601(mail.sent_at) + "</p><pre>" + escape_html(mail.text) + "</pre></article>";
    }
    return page + "</body></html>";
}

}  // namespace

Task<Result<http::Response>> Mailbox::json(http::Request& request) {
    if (!is_local(request)) {
        co_return nothing_here();
    }
    boost::json::array mails;
    for (const auto& mail : mailbox_.messages()) {
        boost::json::object shown{{"to", mail.to}, {"subject", mail.subject}, {"text", mail.text}};
        if (!mail.html.empty()) {
            shown["html"] = mail.html;
        }
        shown["sentAt"] = to_iso8601(mail.sent_at);
        mails.push_back(std::move(shown));
    }
    co_return http::json_response(200, mails);
}

Task<Result<http::Response>> Mailbox::page(http::Request& request) {
    if (!is_local(request)) {
        co_return nothing_here();
    }
    co_return http::text_response(200, render_page(mailbox_.messages()), "text/html; charset=utf-8");
}

void mount_mailbox(http::Router& router, Mailbox& controller) {
    const http::RouteOptions open{.auth = http::Auth::none};
    router.add(http::Method::get, "/dev/mailbox.json", open,
               [&](http::Request& request) { return controller.json(request); });
    router.add(http::Method::get, "/dev/mailbox", open,
               [&](http::Request& request) { return controller.page(request); });
}

}  // namespace ping::app
