#pragma once

#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::http {

/// A body that is read while it is sent. Loop thread.
class ResponseStream {
public:
    ResponseStream() = default;
    virtual ~ResponseStream() = default;
    ResponseStream(const ResponseStream&) = delete;
    ResponseStream& operator=(const ResponseStream&) = delete;

    /// All of it, in bytes.
    virtual std::size_t size() const = 0;
    /// The next piece, which is not empty. After an error the connection is cut.
    virtual Task<Result<std::string>> read() = 0;
};

/// One answer. The server adds Content-Length, Date, X-Request-Id, the security headers and CORS.
struct Response {
    int status = 200;
    std::string body;
    std::shared_ptr<ResponseStream> stream{};  ///< in place of `body`; may be null
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
