#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/core/identity.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::http {

class BodyStream;

enum class Method { get, head, post, put, patch, del, options };

/// Where a request's page comes from, by its Origin header.
enum class Origin {
    absent,   ///< no such header: no browser, or a page of ours
    allowed,  ///< one of those that may talk to this server
    foreign,
};

/// One request, read whole and owned by itself: no view into a network buffer, no Beast type.
class Request {
public:
    Method method = Method::get;
    std::string path;  ///< percent-decoded, without the query; UTF-8, no NUL
    std::string body;  ///< empty when there was none, and on routes with `streams_body`
    BodyStream* body_stream =
        nullptr;     ///< on routes with `streams_body`: the body, which is still to be read
    std::string id;  ///< X-Request-Id: the client's where it is fit (1-64 of [A-Za-z0-9._-]), else our own
    boost::asio::ip::address peer;  ///< the other end of the TCP connection
    boost::asio::ip::address
        client;                 ///< the person's address: X-Forwarded-For where `peer` is a trusted proxy
    bool is_forwarded = false;  ///< came with a forwarding header (Forwarded, X-Forwarded-*), trusted or not
    SteadyTime received_at;
    std::optional<Identity> identity;  ///< set by the auth middleware on routes that need it
    bool by_cookie = false;            ///< the identity came from the cookie, not from Authorization
    /// By cookie, and nothing says that our own page or an allowed origin asked: a link on any site, or an
    /// image on one of our own site's other hosts, could have. It must change nothing.
    bool is_forgeable = false;
    Origin origin = Origin::absent;
    /// What the route's `admit` holds for the time of the request; let go of before the answer is written.
    std::shared_ptr<void> claim;
    /// On routes with `long_poll` a handler that waits sets this: it is called, at most once, when nobody
    /// waits for the answer any more. The handler must then end soon.
    std::function<void()> on_gone;

    /// The first header of that name (any case); empty when there is none.
    std::string_view header(std::string_view name) const;
    /// The token of `Authorization: Bearer ...` (any case, trimmed, may be empty); nothing when there is no
    /// such header.
    std::optional<std::string_view> bearer_token() const;
    /// The first query parameter of that name, percent-decoded.
    std::optional<std::string> query(std::string_view name) const;
    /// A `:name` part of the route's pattern, percent-decoded. Empty when the pattern has none of that name.
    std::string_view param(std::string_view name) const;
    /// Whom limits per address count: the client's IPv4 address, or the /64 of its IPv6 address, of which a
    /// subscriber has all.
    std::string client_network() const;
    /// A cookie by name; empty when there is none.
    std::string_view cookie(std::string_view name) const;
    /// The body as a JSON object (core/json.hpp's strict rules); invalid, or unsupported_media for another
    /// Content-Type.
    Result<boost::json::object> json() const;

    std::vector<std::pair<std::string, std::string>> headers;  ///< in order; names as sent
    std::vector<std::pair<std::string, std::string>> query_parameters;
    std::vector<std::pair<std::string, std::string>> path_parameters;
};

}  // namespace ping::http
