#include "mail/smtp_route.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace ping::mail {
namespace {

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

}  // namespace

Result<SmtpRoute> make_route(SmtpOptions options) {
    SmtpRoute route;
    route.url.reset(curl_url());
    if (!route.url || curl_url_set(route.url.get(), CURLUPART_URL, options.url.c_str(), 0) != CURLUE_OK) {
        return errors::invalid("mail.smtp_url is not a URL like smtp://user:pass@host:587");
    }
    const auto scheme = url_part(route.url, CURLUPART_SCHEME);
    if (scheme != "smtp" && scheme != "smtps") {
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

}  // namespace ping::mail
