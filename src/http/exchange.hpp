#pragma once

#include "http/context.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"
#include "ping/http/router.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ping::http {

/// One request on its way to its answer.
struct Exchange {
    Request request;
    std::string_view method;  ///< empty while the request has not been understood
    const Route* route = nullptr;
    const UpgradeHandler* upgrade = nullptr;  ///< the connection becomes a WebSocket
    ConnectionSlot client_place;              ///< of a client behind a trusted proxy
    SteadyTime started;                       ///< the first byte
    std::size_t head_size = 0;
    std::size_t body_limit = 0;
    bool has_body = false;
    bool expects_continue = false;
    bool keeps_alive = false;  ///< the client may send another request
    bool is_read = false;      ///< nothing of the request is left unread on the connection
    bool is_late = false;      ///< the request's time was over; the deadline answered
};

/// Understands the head and decides what needs neither the body nor a wait: an answer, or nothing when the
/// request goes on (to `upgrade`, or to `route`). The order of its steps is in exchange.cpp.
std::optional<Response> begin_exchange(Context& context, Exchange& exchange, std::string_view head);

/// Adds what every answer carries: X-Request-Id, CORS, security headers.
void complete_response(const Context& context, const Exchange& exchange, Response& response);

}  // namespace ping::http
