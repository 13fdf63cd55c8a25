#include "ping/http/request.hpp"

#include "http/ascii.hpp"
#include "http/network.hpp"
#include "ping/core/json.hpp"
#include "ping/http/body_stream.hpp"

namespace ping::http {
namespace {

bool is_json(std::string_view content_type) {
    return ascii::iequals(ascii::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (ascii::iequals(key, name)) {
            return value;
        }
    }
    return {};
}

std::optional<std::string_view> Request::bearer_token() const {
    constexpr std::string_view scheme = "Bearer";
    const auto value = header("authorization");
    const bool is_bearer =
        ascii::istarts_with(value, scheme) && (value.size() == scheme.size() || value[scheme.size()] == ' ');
    return is_bearer ? std::optional(ascii::trim(value.substr(scheme.size()))) : std::nullopt;
}

std::optional<std::string> Request::query(std::string_view name) const {
    for (const auto& [key, value] : query_parameters) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::string_view Request::param(std::string_view name) const {
    for (const auto& [key, value] : path_parameters) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string Request::client_network() const {
    return subscriber_of(client).to_string();
}

std::string_view Request::cookie(std::string_view name) const {
    std::string_view found;
    for (const auto& [key, value] : headers) {
        if (!ascii::iequals(key, "cookie")) {
            continue;
        }
        ascii::for_each_part(value, ';', [&](std::string_view pair) {
            const auto equals = pair.find('=');
            if (found.empty() && equals != std::string_view::npos && pair.substr(0, equals) == name) {
                found = pair.substr(equals + 1);
            }
        });
    }
    return found;
}

Result<boost::json::object> Request::json() const {
    if (!is_json(header("content-type"))) {
        return Error(ErrorCode::unsupported_media, "unsupported_media_type", "Send application/json");
    }
    auto parsed = json::parse(body);
    if (!parsed) {
        return parsed.error();
    }
    if (!parsed->is_object()) {
        return errors::invalid("The body must be a JSON object", "bad_json");
    }
    return std::move(parsed->get_object());
}

Task<Result<void>> read_whole(Request& request) {
    auto piece = co_await request.body_stream->read();
    while (piece && !piece->empty()) {
        request.body += *piece;
        piece = co_await request.body_stream->read();
    }
    if (!piece) {
        co_return piece.error();
    }
    co_return ok();
}

}  // namespace ping::http
