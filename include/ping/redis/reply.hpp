#pragma once

#include "ping/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ping::redis {

/// What Redis answered (RESP2). Owns everything in it.
struct Reply {
    enum class Kind { nil, integer, text, error, array };

    Kind kind = Kind::nil;
    std::int64_t integer = 0;
    std::string text{};  ///< of `text` (any bytes) and `error`
    std::vector<Reply> items{};

    bool is_error() const { return kind == Kind::error; }
    /// Whether it is an error that starts with this word, such as `NOSCRIPT`.
    bool is_error(std::string_view word) const {
        return is_error() && std::string_view(text).substr(0, text.find(' ')) == word;
    }
};

/// An error reply as ours. `ERR` and `WRONGTYPE` are mistakes in what we asked (internal). With any other
/// word Redis says that it will not serve just now: LOADING, OOM, READONLY, MISCONF, BUSY, NOAUTH...
/// (unavailable).
Error to_error(const Reply& reply);

}  // namespace ping::redis
