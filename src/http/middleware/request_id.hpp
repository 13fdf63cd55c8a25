#pragma once

#include "ping/core/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ping::http {

/// A client's X-Request-Id that may go into logs and answers: 1-64 of [A-Za-z0-9._-].
bool is_fit_request_id(std::string_view id);

/// Makes request ids: 16 hex digits, no two alike in one process and hardly ever among several. They are
/// names, not secrets.
class RequestIds {
public:
    explicit RequestIds(const Clock& clock);
    std::string next();

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

}  // namespace ping::http
