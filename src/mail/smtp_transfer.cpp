#include "mail/smtp_transfer.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace ping::mail {
namespace {

constexpr long most_idle_seconds = 30;  // servers close idle connections; a stale one costs a retry
constexpr int first_permanent_reply = 500;
constexpr int first_refusing_reply = 400;

std::string url_part(const UrlHandle& url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) {
        return {};
    }
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return text;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// The server never let us come as far as the mail, whatever it may have said.
bool is_closed_door(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_LOGIN_DENIED:
            return true;
        default:
            return false;
    }
}

}  // namespace

Result<SmtpRoute> make_route(SmtpOptions options) {
    SmtpRoute route;
    route.url.reset(curl_url());
    if (!route.url || curl_url_set(route.url.get(), CURLUPART_URL, options.url.c_str(), 0) != CURLUE_OK) {
        return errors::invalid("mail.smtp_url is not a URL like smtp://user:pass@host:587");
    }
    const auto scheme = url_part(route.url, CURLUPART_SCHEME);
    if (options.url.find("://") == std::string::npos || (scheme != "smtp" && scheme != "smtps")) {
        return errors::invalid("mail.smtp_url must begin with smtp:// or smtps://");
    }
    const auto from = parse_mailbox(options.from);
    if (!from) {
        return errors::invalid("mail.from " + from.error().message);
    }
    if (!options.ca_file.empty() && ::access(options.ca_file.c_str(), R_OK) != 0) {
        return errors::invalid("mail.ca_file cannot be read");
    }
    const bool is_private =
        is_loopback(url_part(route.url, CURLUPART_HOST)) && url_part(route.url, CURLUPART_USER).empty();
    route.from = *from;
    route.is_tls_demanded = !(scheme == "smtp" && is_private);
    options.parallel = std::max<std::size_t>(options.parallel, 1);
    route.options = std::move(options);
    return route;
}

SmtpTransfer::SmtpTransfer(const SmtpRoute& route, const std::string& to, std::string text, SendDone done)
    : handle_(curl_easy_init()), text_(std::move(text)), done_(std::move(done)) {
    is_ready_ = handle_ && set_up(route, to);
}

bool SmtpTransfer::set_up(const SmtpRoute& route, const std::string& to) {
    bool is_good = true;
    const auto set = [&](CURLoption option, auto value) {
        is_good = curl_easy_setopt(handle_.get(), option, value) == CURLE_OK && is_good;
    };
    recipients_.reset(curl_slist_append(nullptr, ("<" + to + ">").c_str()));
    const auto& options = route.options;
    set(CURLOPT_CURLU, route.url.get());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");  // the environment must not send mails elsewhere
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(route.is_tls_demanded ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_file.empty()) {
        // Replaces curl's own bundle; the system's folder of roots stays in use.
        set(CURLOPT_CAINFO, options.ca_file.c_str());
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect.count()));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(options.reply.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.total.count()));
    set(CURLOPT_MAXAGE_CONN, most_idle_seconds);
    set(CURLOPT_MAIL_FROM, ("<" + route.from.address + ">").c_str());
    set(CURLOPT_MAIL_RCPT, recipients_.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text_.size()));
    set(CURLOPT_READFUNCTION, &SmtpTransfer::read);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    return is_good && recipients_;
}

std::size_t SmtpTransfer::read(char* out, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<SmtpTransfer*>(self);
    const auto bytes = std::min(size * count, transfer.text_.size() - transfer.given_);
    std::memcpy(out, transfer.text_.data() + transfer.given_, bytes);
    transfer.given_ += bytes;
    return bytes;
}

int SmtpTransfer::last_reply() const {
    long reply = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply);
    return static_cast<int>(reply);
}

SendResult SmtpTransfer::result(CURLcode code) const {
    SendResult result;
    result.reply_code = last_reply();
    if (code == CURLE_OK) {
        return result;
    }
    const bool is_all_given = given_ == text_.size();
    result.detail = curl_easy_strerror(code);
    result.reached = result.reply_code != 0 && !is_closed_door(code);
    result.status = SendStatus::temporary;
    if (result.reply_code >= first_permanent_reply) {
        // CURLE_SEND_ERROR is how curl 7.88 names a refused MAIL, RCPT or DATA; what comes before is no
        // verdict on the mail.
        if (is_all_given || code == CURLE_SEND_ERROR) {
            result.status = SendStatus::permanent;
        }
    } else if (is_all_given && result.reply_code < first_refusing_reply) {
        result.status = SendStatus::unknown;
    }
    return result;
}

SendResult SmtpTransfer::aborted() const {
    auto result = this->result(CURLE_ABORTED_BY_CALLBACK);
    result.reached = true;
    return result;
}

}  // namespace ping::mail
