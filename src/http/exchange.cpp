#include "http/exchange.hpp"

#include "http/ascii.hpp"
#include "http/head_scan.hpp"
#include "http/method.hpp"
#include "http/middleware/security_headers.hpp"
#include "http/target.hpp"

#include <algorithm>
#include <cctype>

namespace ping::http {
namespace {

using Refused = std::optional<Refusal>;

constexpr std::string_view websocket_version = "13";

/// Several fields of a name are one list (RFC 9110 §5.3).
bool has_element(const Request& request, std::string_view name, std::string_view element) {
    return std::ranges::any_of(request.headers, [&](const auto& field) {
        return ascii::iequals(field.first, name) && ascii::list_has(field.second, element);
    });
}

Refused read_framing(Exchange& exchange, const Head& head) {
    const auto expect = head.field("expect");
    exchange.has_body = head.has_body();
    exchange.expects_continue = !expect.empty() && head.minor_version == 1;
    exchange.is_read = !exchange.has_body;
    exchange.keeps_alive = head.minor_version == 1 && !has_element(exchange.request, "connection", "close");
    if (!expect.empty() && !ascii::iequals(expect, "100-continue")) {
        return Refusal(417, "expectation_failed", "The only expectation that is met is 100-continue");
    }
    return std::nullopt;
}

Origin origin_of(const Context& context, const Request& request) {
    if (request.header("origin").empty()) {
        return Origin::absent;
    }
    return context.origins.allow(request) ? Origin::allowed : Origin::foreign;
}

Refused read_request(const Context& context, Exchange& exchange, const Head& head) {
    auto& request = exchange.request;
    const auto method = parse_method(head.method);
    if (!method) {
        return Refusal(501, "method_unknown", "This method is not known here");
    }
    auto target = parse_target(head.target);
    if (!target) {
        return Refusal(400, "bad_request", "The address is not valid percent-encoded UTF-8");
    }
    request.method = *method;
    request.origin = origin_of(context, request);
    exchange.method = to_text(*method);
    request.path = std::move(target->path);
    request.query_parameters = std::move(target->query);
    return std::nullopt;
}

Refused place_client(Context& context, Exchange& exchange) {
    auto& request = exchange.request;
    request.is_forwarded = has_forwarding_header(request);
    request.client = context.proxies.client_of(request.peer, request);
    // Behind a proxy the connections are the proxy's: there a client's requests in flight are counted.
    if (context.proxies.contains(request.peer) && !context.proxies.contains(request.client)) {
        exchange.client_place = context.limits.take_place_of(request.client);
        if (exchange.client_place == nullptr) {
            return Refusal(429, "too_many_requests", "Too many requests at a time from this address");
        }
    }
    return std::nullopt;
}

bool wants_websocket(const Request& request) {
    return request.method == Method::get && has_element(request, "connection", "upgrade") &&
           has_element(request, "upgrade", "websocket");
}

// RFC 6455 §4.2.1: base64 of 16 bytes is 22 characters and two signs of padding.
bool is_websocket_key(const Request& request) {
    constexpr std::string_view name = "sec-websocket-key";
    const auto count = std::count_if(request.headers.begin(), request.headers.end(),
                                     [&](const auto& field) { return ascii::iequals(field.first, name); });
    const auto key = request.header(name);
    const auto is_base64 = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; };
    return count == 1 && key.size() == 24 && key.ends_with("==") &&
           std::all_of(key.begin(), key.end() - 2, is_base64);
}

// The origin is checked before the upgrade: a WebSocket is not bound by CORS (TRUST.md T27).
Refused check_upgrade(const Context& context, const Exchange& exchange) {
    const auto& request = exchange.request;
    if (request.origin == Origin::foreign) {
        return Refusal(403, "origin_not_allowed", "This origin is not allowed");
    }
    if (request.header("sec-websocket-version") != websocket_version) {
        return Refusal(426, "websocket_version", "Only version 13 of the WebSocket protocol is spoken here");
    }
    if (!is_websocket_key(request)) {
        return Refusal(400, "bad_request", "Sec-WebSocket-Key must be 16 bytes in base64, once");
    }
    if (exchange.has_body || !exchange.keeps_alive) {
        return Refusal(400, "bad_request", "A WebSocket handshake has no body and keeps the connection");
    }
    if (context.is_stopping) {
        return Refusal(503, "stopping", "The server is stopping");
    }
    return std::nullopt;
}

Response refuse(const Exchange& exchange, const Refusal& refusal) {
    return refusal_response(refusal, exchange.request.id);
}

// RFC 6455 §4.4: it says which version is spoken, so that a client can offer that.
Response refuse_upgrade(const Exchange& exchange, const Refusal& refusal) {
    auto response = refuse(exchange, refusal);
    if (refusal.status == 426) {
        response.with_header("Upgrade", "websocket")
            .with_header("Connection", "Upgrade")
            .with_header("Sec-WebSocket-Version", std::string(websocket_version));
    }
    return response;
}

Response refuse_method(const Exchange& exchange, const std::vector<Method>& allowed) {
    auto response = refuse(exchange, Refusal(405, "method_not_allowed", "This method is not allowed here"));
    return response.with_header("Allow", join_methods(allowed));
}

std::optional<Response> answer_options(const Context& context, const Exchange& exchange,
                                       const std::vector<Method>& allowed) {
    if (is_preflight(exchange.request)) {
        return preflight_response(exchange.request, context.origins, join_methods(allowed));
    }
    if (allowed.empty()) {
        return std::nullopt;
    }
    Response response;
    response.status = 204;
    return response.with_header("Allow", join_methods(allowed));
}

std::optional<Response> find_route(Context& context, Exchange& exchange) {
    auto& request = exchange.request;
    const auto* const upgrade = context.router.match_upgrade(request.path);
    if (upgrade != nullptr && wants_websocket(request)) {
        if (const auto refused = check_upgrade(context, exchange)) {
            return refuse_upgrade(exchange, *refused);
        }
        exchange.upgrade = &upgrade->handler;
        return upgrade->admit ? upgrade->admit(request) : std::nullopt;
    }
    auto match = context.router.match(request.method, request.path);
    if (request.method == Method::options && match.route == nullptr) {
        if (auto answer = answer_options(context, exchange, match.allowed)) {
            return answer;
        }
    }
    if (match.route == nullptr && !match.allowed.empty()) {
        return refuse_method(exchange, match.allowed);
    }
    if (match.route == nullptr && upgrade != nullptr) {
        return refuse_upgrade(exchange, Refusal(426, "upgrade_required", "This is a WebSocket"));
    }
    if (match.route == nullptr) {
        return refuse(exchange, Refusal(404, "not_found", "Not found"));
    }
    exchange.route = match.route;
    request.path_parameters = std::move(match.parameters);
    return std::nullopt;
}

void copy_fields(Exchange& exchange, const Head& head) {
    auto& headers = exchange.request.headers;
    headers.reserve(head.fields.size());
    for (const auto& [name, value] : head.fields) {
        headers.emplace_back(name, value);
    }
}

}  // namespace

// In this order: the raw head, strictly; the request's id, for every answer and log line from here on; where
// the request ends; the client's address, for limits and logs; method and path, so that 400 comes before 404;
// preflight, WebSocket or route; what the route says to the head; the size the client announces, before
// anything of it is read.
std::optional<Response> begin_exchange(Context& context, Exchange& exchange, std::string_view text) {
    const auto& limits = context.config.limits;
    const auto head = scan_head(text, limits);
    if (!head) {
        return refuse(exchange, head.error());
    }
    copy_fields(exchange, *head);
    if (const auto sent = exchange.request.header("x-request-id"); is_fit_request_id(sent)) {
        exchange.request.id = sent;
    }
    auto refused = read_framing(exchange, *head);
    if (!refused) {
        refused = place_client(context, exchange);
    }
    if (!refused) {
        refused = read_request(context, exchange, *head);
    }
    if (refused) {
        return refuse(exchange, *refused);
    }
    if (auto answer = find_route(context, exchange)) {
        return answer;
    }
    const auto own_limit = exchange.route != nullptr ? exchange.route->options.body_limit : 0;
    exchange.body_limit = own_limit != 0 ? own_limit : limits.json_bytes;
    if (exchange.route != nullptr && exchange.route->options.admit) {
        if (auto answer = exchange.route->options.admit(exchange.request, exchange.body_limit)) {
            return answer;
        }
    }
    if (head->content_length.value_or(0) > exchange.body_limit) {
        return refuse(exchange, Refusal(413, "body_too_large", "The body is too large"));
    }
    return std::nullopt;
}

void complete_response(const Context& context, const Exchange& exchange, Response& response) {
    response.with_header("X-Request-Id", exchange.request.id);
    if (response.status == 401) {
        response.with_header("WWW-Authenticate", "Bearer");  // RFC 9110 §15.5.2 wants one
    }
    add_cors_headers(response, exchange.request, context.origins);
    add_security_headers(response);
}

}  // namespace ping::http
