#include "http/middleware/security_headers.hpp"

#include "http/response_head.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace ping::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> defaults{
    {{"X-Content-Type-Options", "nosniff"},
     {"Referrer-Policy", "no-referrer"},
     {"X-Frame-Options", "DENY"},
     {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
     {"Cache-Control", "no-store"}}};

}  // namespace

void add_security_headers(Response& response) {
    for (const auto& [name, value] : defaults) {
        if (!has_header(response, name)) {
            response.with_header(std::string(name), std::string(value));
        }
    }
}

}  // namespace ping::http
