#include "ping/app/mailbox.hpp"

#include "app/mailbox_page.hpp"
#include "app/plain_page.hpp"
#include "ping/app/local_request.hpp"

#include <boost/json/array.hpp>

namespace ping::app {
namespace {

Error nothing_here() {
    return errors::not_found("Not found");
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
    auto response = http::text_response(200, render_mailbox_page(mailbox_.messages(), clock_.now()),
                                        "text/html; charset=utf-8");
    response.with_header("Content-Security-Policy", std::string(plain_page_policy));
    co_return response;
}

Task<Result<http::Response>> Mailbox::style(http::Request& request) {
    if (!is_local(request)) {
        co_return nothing_here();
    }
    co_return http::text_response(200, std::string(mailbox_style), "text/css; charset=utf-8");
}

void mount_mailbox(http::Router& router, Mailbox& controller) {
    const http::RouteOptions open{.auth = http::Auth::none};
    router.add(http::Method::get, "/dev/mailbox.json", open,
               [&](http::Request& request) { return controller.json(request); });
    router.add(http::Method::get, "/dev/mailbox", open,
               [&](http::Request& request) { return controller.page(request); });
    router.add(http::Method::get, "/dev/mailbox.css", open,
               [&](http::Request& request) { return controller.style(request); });
}

}  // namespace ping::app
