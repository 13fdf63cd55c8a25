#pragma once

#include "http/refusal.hpp"
#include "ping/core/config.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// A strict look at the raw bytes of a request's head, before any lenient parser sees them (TRUST.md T33).
/// What two parsers could read in two ways is refused: only CRLF ends a line, no folded lines, no space
/// before a colon, no control bytes, one Host, at most one Content-Length of digits, `Transfer-Encoding` only
/// as exactly `chunked` and never beside a Content-Length. Knows no socket.
namespace ping::http {

/// Views point into the scanned bytes.
struct Head {
    std::string_view method;
    std::string_view target;  ///< origin-form, visible ASCII, no `#`
    int minor_version = 1;    ///< HTTP/1.0 or HTTP/1.1
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    std::optional<std::uint64_t> content_length;
    bool is_chunked = false;

    /// The value of the first field of that name (any case); empty when there is none.
    std::string_view field(std::string_view name) const;
    bool has_body() const { return is_chunked || content_length.value_or(0) > 0; }
};

/// Where a head ends within bytes that are still coming in.
class HeadFinder {
public:
    enum class State { incomplete, complete, malformed };

    /// Looks at the bytes that were not there at the last call. `received` starts with the request's first
    /// byte.
    State look(std::string_view received);
    /// The length of the head with its empty line, once complete.
    std::size_t length() const { return position_; }

private:
    std::size_t position_ = 0;
};

/// Why `received`, the bytes of a head whose end is not among them (or is, too late), is too long: 414 when
/// the target is, 431 otherwise. Nothing while it may still fit.
std::optional<Refusal> head_too_long(std::string_view received, const Config::Limits& limits);

/// Checks and takes apart one whole head, its empty line included.
boost::system::result<Head, Refusal> scan_head(std::string_view head, const Config::Limits& limits);

}  // namespace ping::http
