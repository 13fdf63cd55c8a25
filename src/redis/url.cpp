#include "ping/redis/options.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace ping::redis {
namespace {

Error bad_url(const char* what) {
    return errors::invalid(what, "bad_redis_url");
}

/// The path `/3`; nothing or `/` is database 0.
std::optional<int> read_database(std::string_view path) {
    if (path.empty() || path == "/") {
        return 0;
    }
    int number = -1;
    const auto* const end = path.data() + path.size();
    const auto [read_to, error] = std::from_chars(path.data() + 1, end, number);
    const bool is_number = error == std::errc() && read_to == end && number >= 0;
    return is_number ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<Options> parse_url(std::string_view text) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || (url->scheme() != "redis" && url->scheme() != "rediss") || url->encoded_host().empty()) {
        return bad_url("must be a URL that starts with redis:// or rediss://");
    }
    const auto database = read_database(url->encoded_path());
    if (!database || url->has_query() || url->has_fragment()) {
        return bad_url("may have nothing but the number of a database behind the host");
    }
    // port_number() wraps around above 65535.
    if (url->has_port() && (url->port_number() == 0 || url->port() != std::to_string(url->port_number()))) {
        return bad_url("has a port that is none");
    }
    Options options;
    options.host = url->host_address();
    if (url->has_port()) {
        options.port = url->port();
    }
    options.user = url->user();
    options.password = url->password();
    if (!options.user.empty() && options.password.empty()) {
        return bad_url("has a user without a password: write redis://:password@host for the default user");
    }
    options.database = *database;
    options.is_tls = url->scheme() == "rediss";
    return options;
}

}  // namespace ping::redis
