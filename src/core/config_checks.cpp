#include "core/config_reader.hpp"
#include "ping/core/address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <initializer_list>

namespace ping {
namespace {

using Schemes = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view word, Schemes words) {
    return std::ranges::find(words, word) != words.end();
}

/// A URL of one of the schemes, with a host.
std::optional<boost::urls::url_view> parse_url(std::string_view text, Schemes schemes) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || !is_one_of(url->scheme(), schemes) || url->encoded_host().empty()) {
        return std::nullopt;
    }
    // port_number() wraps around above 65535.
    const auto port = url->port_number();
    if (url->has_port() && (port == 0 || url->port() != std::to_string(port))) {
        return std::nullopt;
    }
    return *url;
}

/// `https://chat.example.org:8443`: what a browser sends as Origin.
bool is_origin(std::string_view text) {
    const auto url = parse_url(text, {"http", "https"});
    return url && url->encoded_path().empty() && !url->has_userinfo() && !url->has_query() &&
           !url->has_fragment();
}

void check_url(LoadedConfig& loaded, std::string_view key, const std::string& value, Schemes schemes) {
    // The value may hold a password, so the message does not show it.
    if (!value.empty() && !parse_url(value, schemes)) {
        loaded.complain(key,
                        fmt::format("must be a URL that starts with {}://", fmt::join(schemes, ":// or ")));
    }
}

void check_server(LoadedConfig& loaded) {
    const auto& server = loaded.config.server;
    if (server.listen.empty()) {
        loaded.complain("server.listen", "must name an address");
    }
    for (const auto& address : server.listen) {
        if (!parse_host_port(address)) {
            loaded.complain("server.listen",
                            fmt::format("has \"{}\": write host:port or [v6]:port, such as 127.0.0.1:8080 or "
                                        "0.0.0.0:8080",
                                        address));
        }
    }
    if (!server.public_url.empty() && !is_origin(server.public_url)) {
        loaded.complain("server.public_url",
                        "must be http:// or https:// and a host, without a path or a slash at the end");
    }
    for (const auto& origin : server.cors_origins) {
        if (!is_origin(origin)) {
            loaded.complain(
                "server.cors_origins",
                fmt::format("has \"{}\": write whole origins such as https://shop.example.org", origin));
        }
    }
    for (const auto& block : server.trusted_proxies) {
        if (!is_ip_block(block)) {
            loaded.complain("server.trusted_proxies",
                            fmt::format("has \"{}\": write addresses or blocks such as 10.0.0.0/8", block));
        }
    }
}

void check_mail(LoadedConfig& loaded) {
    const auto& mail = loaded.config.mail;
    if (!mail.smtp_url.empty()) {
        const auto url = parse_url(mail.smtp_url, {"smtp", "smtps"});
        const bool is_plain = url && !url->has_query() && !url->has_fragment() &&
                              (url->encoded_path().empty() || url->encoded_path() == "/");
        if (!is_plain) {
            loaded.complain("mail.smtp_url",
                            "must look like smtp://user:password@host:587 or smtps://user:password@host:465, "
                            "with special characters of the password percent-encoded");
        }
    }
    const auto at = mail.from.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == mail.from.size()) {
        loaded.complain("mail.from", "must be an address, or Name <address>");
    }
    for (const auto& address : loaded.config.admin.emails) {
        if (address.find('@') == std::string::npos) {
            loaded.complain("admin.emails", fmt::format("has \"{}\", which is no e-mail address", address));
        }
    }
}

/// Where would the codes go? The dev mailbox shows them to this machine alone, but a proxy on it could pass
/// them on.
void check_mailbox(LoadedConfig& loaded) {
    const auto& config = loaded.config;
    if (!config.mail.smtp_url.empty()) {
        return;
    }
    for (const auto& address : config.server.listen) {
        const auto place = parse_host_port(address);
        if (place && !is_loopback(place->host)) {
            loaded.complain(
                "server.listen",
                fmt::format("has the public address {}, but without mail.smtp_url login codes are sent "
                            "nowhere but to the dev mailbox, which a proxy on this machine could show "
                            "to everybody: set mail.smtp_url, or listen on 127.0.0.1",
                            address));
        }
    }
    if (config.server.mode == Mode::production) {
        loaded.complain("server.mode",
                        "is production, but without mail.smtp_url no login code could be sent: set it");
    }
}

}  // namespace

void check_config(LoadedConfig& loaded) {
    check_server(loaded);
    check_mail(loaded);
    check_mailbox(loaded);
    const auto& config = loaded.config;
    if (config.data.dir.empty()) {
        loaded.complain("data.dir", "must name a folder");
    }
    check_url(loaded, "mongo.uri", config.mongo.uri, {"mongodb", "mongodb+srv"});
    check_url(loaded, "redis.url", config.redis.url, {"redis", "rediss"});
    if (config.codes.engine == "redis" && config.redis.url.empty()) {
        loaded.complain("codes.engine", "is redis, so redis.url must say where Redis is");
    }
    check_url(loaded, "rabbitmq.url", config.rabbitmq.url, {"amqp", "amqps"});
    if (config.jobs.engine == "rabbitmq" && config.rabbitmq.url.empty()) {
        loaded.complain("jobs.engine", "is rabbitmq, so rabbitmq.url must say where RabbitMQ is");
    }
    check_url(loaded, "sms.webhook_url", config.sms.webhook_url, {"https", "http"});
    check_url(loaded, "delivery.webhook_url", config.delivery.webhook_url, {"https", "http"});
    check_url(loaded, "node.url", config.node.url, {"http", "https"});
}

}  // namespace ping
