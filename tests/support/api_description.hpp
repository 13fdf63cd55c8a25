#pragma once

#include "support/api_client.hpp"
#include "support/json_library.hpp"
#include "support/raw_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ping::test {

/// What a client sent.
struct ApiRequest {
    std::string method;
    std::string target;
    std::string content_type;
    std::string body;
};

/// The operation that config/api/openapi.json has for a method and a path; HEAD is GET. Nothing when there is
/// none.
std::optional<schema::Node> find_operation(std::string_view method, std::string_view path);

/// Throws Undescribed when the answer is not what openapi.json says of this operation: status, error code,
/// headers, Content-Type, every field of the body; or when the request succeeded with a body that the
/// description does not allow. Paths outside of the API (pages, /dev) must answer errors as a Problem, no
/// more.
void check_described(const ApiRequest& request, const ApiAnswer& answer);
/// The same for a whole request as text with a JSON body.
void check_described(std::string_view request, const RawAnswer& answer);

}  // namespace ping::test
