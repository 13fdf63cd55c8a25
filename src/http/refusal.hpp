#pragma once

#include "ping/http/response.hpp"

#include <string>
#include <string_view>

namespace ping::http {

/// Why the HTTP layer itself does not serve a request: statuses that no ErrorCode stands for are among them.
/// All of it is public.
struct Refusal {
    /// Only because `boost::system::result::error()` asks for one.
    Refusal() : Refusal(500, "internal", "Internal server error") {}
    Refusal(int status_in, std::string slug_in, std::string message_in)
        : status(status_in), slug(std::move(slug_in)), message(std::move(message_in)) {}

    int status;
    std::string slug;
    std::string message;
};

/// The same body as `error_response`, for a status of the protocol (405, 408, 414, 431, ...).
Response refusal_response(const Refusal& refusal, std::string_view request_id);

}  // namespace ping::http
