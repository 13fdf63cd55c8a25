#include "http/response_head.hpp"

#include "http/ascii.hpp"
#include "ping/core/internet_date.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ping::http {
namespace {

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        case 507:
            return "Insufficient Storage";
        default:
            return "";  // the phrase may be empty (RFC 9112 §4)
    }
}

bool is_fit(std::string_view name, std::string_view value) {
    return ascii::is_token(name) &&
           std::none_of(value.begin(), value.end(), [](char c) { return ascii::is_control(c) && c != '\t'; });
}

void add_field(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string to_http_date(Time time) {
    return to_internet_date(time) + " GMT";
}

bool has_header(const Response& response, std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return ascii::iequals(header.first, name); });
}

bool may_have_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

std::string make_response_head(const Response& response, Time now, bool close) {
    std::string head;
    head.reserve(768);
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    head.append(reason_of(response.status)).append("\r\n");
    add_field(head, "Date", to_http_date(now));
    if (may_have_body(response.status)) {
        const auto size = response.stream != nullptr ? response.stream->size() : response.body.size();
        add_field(head, "Content-Length", std::to_string(size));
    }
    if (close) {
        add_field(head, "Connection", "close");
    }
    for (const auto& [name, value] : response.headers) {
        if (is_fit(name, value)) {
            add_field(head, name, value);
        } else {
            log::error("http.bad_header", {{"name", name}});
        }
    }
    return head.append("\r\n");
}

}  // namespace ping::http
