#include "http/middleware/errors.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

namespace ping::http {

Response answer_error(const Error& error, const Request& request) {
    if (status_of(error.code) >= 500) {
        log::error("http.error", {{"code", error.slug},
                                  {"detail", error.detail},
                                  {"request", request.id},
                                  {"file", error.where.file_name()},
                                  {"line", error.where.line()}});
    }
    return error_response(error, request.id);
}

Task<Response> run_handler(const Handler& handler, Request& request) {
    std::string failure;
    try {
        auto result = co_await handler(request);
        if (result) {
            co_return std::move(*result);
        }
        co_return answer_error(result.error(), request);
    } catch (...) {
        failure = exception_text();
    }
    co_return answer_error(errors::internal("exception: " + failure), request);
}

}  // namespace ping::http
