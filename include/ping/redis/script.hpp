#pragma once

#include "ping/redis/client.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ping::redis {

/// A Lua script that Redis runs as one step. It is called by its hash; a server that does not know it (a new
/// one, or one that has been flushed) gets its text, once for all calls that are under way.
class Script {
public:
    explicit Script(std::string text);

    /// `keys` become KEYS, `arguments` ARGV. The reply is none of Redis' errors: those come as to_error()
    /// makes them. Whoever awaits it keeps the client, the script and what the spans show. Loop thread.
    Task<Result<Reply>> run(Client& client, std::span<const std::string_view> keys,
                            std::span<const std::string_view> arguments);

private:
    Command make_command(std::string_view name, std::string_view what, std::span<const std::string_view> keys,
                         std::span<const std::string_view> arguments) const;

    std::string text_;
    std::string hash_;
    bool is_text_on_its_way_ = false;  ///< what is sent now finds it there
};

}  // namespace ping::redis
