#pragma once

#include "ping/http/request.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ping::http {

std::string_view to_text(Method method);
/// Methods are case-sensitive (RFC 9110 §9.1); nothing for one that Ping does not know.
std::optional<Method> parse_method(std::string_view text);
/// GET, HEAD and OPTIONS change nothing (RFC 9110 §9.2.1).
bool is_safe(Method method);
/// `GET, HEAD, POST`: the value of an Allow header.
std::string join_methods(const std::vector<Method>& methods);

}  // namespace ping::http
