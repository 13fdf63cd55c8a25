#pragma once

#include "mail/address.hpp"
#include "ping/core/error.hpp"
#include "ping/mail/smtp_mailer.hpp"

#include <curl/curl.h>

#include <memory>

namespace ping::mail {

struct CurlDelete {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, CurlDelete>;

/// Where mails go and who sends them, as read from SmtpOptions.
struct SmtpRoute {
    SmtpOptions options;
    UrlHandle url;
    Mailbox from;
    bool is_tls_demanded = true;
};

/// Checks the options; errors as of SmtpMailer::make.
Result<SmtpRoute> make_route(SmtpOptions options);

}  // namespace ping::mail
