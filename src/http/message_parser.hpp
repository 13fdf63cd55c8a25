#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ping::http {

/// Reads one request that has a body out of bytes handed to it: Beast's parser, behind a face without Beast.
/// It sees only what `scan_head` let pass, and is a second opinion on it. Knows no socket.
class MessageParser {
public:
    /// A body above `body_limit` bytes is too large.
    MessageParser(std::size_t header_limit, std::size_t body_limit);
    ~MessageParser();

    enum class State { incomplete, complete, too_large, malformed };

    /// Takes what it can from `bytes`, which start where the last call stopped (its rest, then what came
    /// since), and adds what it took to `consumed`.
    State put(std::string_view bytes, std::size_t& consumed);
    /// What has come of the body since the last call.
    std::string take_body();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::http
