#include "ping/http/response.hpp"

#include "http/refusal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace ping::http {
namespace {

// What a client waits before it comes again, where nobody said how long.
constexpr std::chrono::seconds usual_wait{2};

Response problem(int status, std::string_view slug, std::string_view message, std::string_view request_id,
                 boost::json::object body) {
    body["message"] = message;
    body["code"] = slug;
    body["status"] = status;
    body["requestId"] = request_id;
    Response response;
    response.status = status;
    response.body = boost::json::serialize(body);
    response.with_header("Content-Type", "application/problem+json");
    return response;
}

bool needs_retry_after(int status) {
    return status == 429 || status == 503 || status == 507;
}

}  // namespace

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid:
            return 400;
        case ErrorCode::unauthenticated:
            return 401;
        case ErrorCode::forbidden:
            return 403;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::unprocessable:
            return 422;
        case ErrorCode::too_large:
            return 413;
        case ErrorCode::unsupported_media:
            return 415;
        case ErrorCode::rate_limited:
            return 429;
        case ErrorCode::unavailable:
        case ErrorCode::timeout:
            return 503;
        case ErrorCode::storage_full:
            return 507;
        case ErrorCode::internal:
            return 500;
    }
    return 500;
}

Response json_response(int status, const boost::json::value& body) {
    return text_response(status, boost::json::serialize(body), "application/json");
}

Response text_response(int status, std::string body, std::string content_type) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    response.with_header("Content-Type", std::move(content_type));
    return response;
}

Response error_response(const Error& error, std::string_view request_id) {
    boost::json::object body;
    if (!error.fields.empty()) {
        boost::json::array fields;
        for (const auto& [field, message] : error.fields) {
            boost::json::object entry;
            entry["field"] = field;
            entry["message"] = message;
            fields.push_back(std::move(entry));
        }
        body["fields"] = std::move(fields);
    }
    const int status = status_of(error.code);
    auto response = problem(status, error.slug, error.message, request_id, std::move(body));
    if (error.retry_after || needs_retry_after(status)) {
        response.with_header("Retry-After", std::to_string(error.retry_after.value_or(usual_wait).count()));
    }
    return response;
}

Response refusal_response(const Refusal& refusal, std::string_view request_id) {
    auto response = problem(refusal.status, refusal.slug, refusal.message, request_id, {});
    if (needs_retry_after(refusal.status)) {
        response.with_header("Retry-After", std::to_string(usual_wait.count()));
    }
    return response;
}

}  // namespace ping::http
