#pragma once

#include "ping/http/response.hpp"

#include <string>
#include <string_view>

namespace ping::test {

/// The first header of that name, spelled so; empty when there is none.
inline std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

}  // namespace ping::test
