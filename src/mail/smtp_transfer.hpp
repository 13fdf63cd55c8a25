#pragma once

#include "mail/address.hpp"
#include "ping/mail/mailer.hpp"
#include "ping/mail/smtp_mailer.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>

namespace ping::mail {

struct CurlDelete {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, CurlDelete>;
using UrlHandle = std::unique_ptr<CURLU, CurlDelete>;
using SlistHandle = std::unique_ptr<curl_slist, CurlDelete>;

/// Where mails go and who sends them, as read from SmtpOptions.
struct SmtpRoute {
    SmtpOptions options;
    UrlHandle url;
    Mailbox from;
    bool is_tls_demanded = true;
};

/// Checks the options; errors as of SmtpMailer::make.
Result<SmtpRoute> make_route(SmtpOptions options);

/// One mail on its way: the curl handle, the text it reads from and who waits for the outcome. Stays at its
/// address while curl has it.
class SmtpTransfer {
public:
    /// `route` must outlive the transfer.
    SmtpTransfer(const SmtpRoute& route, const std::string& to, std::string text, SendDone done);
    SmtpTransfer(const SmtpTransfer&) = delete;
    SmtpTransfer& operator=(const SmtpTransfer&) = delete;

    CURL* handle() const { return handle_.get(); }
    /// Whether curl took every option; if not, it must not be started.
    bool is_ready() const { return is_ready_; }
    /// What `code`, curl's verdict, and the server's last reply mean.
    SendResult result(CURLcode code) const;
    /// What giving up now means.
    SendResult aborted() const;
    void finish(SendResult result) { done_(std::move(result)); }

private:
    static std::size_t read(char* out, std::size_t size, std::size_t count, void* self);
    bool set_up(const SmtpRoute& route, const std::string& to);
    int last_reply() const;

    EasyHandle handle_;
    SlistHandle recipients_;
    std::string text_;
    std::size_t given_ = 0;  ///< bytes of text_ that curl has
    SendDone done_;
    bool is_ready_ = false;
};

}  // namespace ping::mail
