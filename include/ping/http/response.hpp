#pragma once

#include "ping/core/error.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::http {

/// One answer. The server adds Content-Length, Date, X-Request-Id, the security headers and CORS.
struct Response {
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    Response& with_header(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

Response json_response(int status, const boost::json::value& body);
Response text_response(int status, std::string body, std::string content_type);
/// `{"message", "code", "status", "requestId", "fields"?}` as application/problem+json, with Retry-After
/// where it is set.
Response error_response(const Error& error, std::string_view request_id);

/// The one mapping from ErrorCode to an HTTP status.
int status_of(ErrorCode code);

}  // namespace ping::http
