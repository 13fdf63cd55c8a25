#pragma once

#include "ping/redis/reply.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

struct redisReader;
struct redisReadTask;

namespace ping::redis {

/// Makes replies of what a server sends (RESP2), by hiredis' parser. Of a server that lies about lengths it
/// keeps no more than the bounds below.
class ReplyReader {
public:
    static constexpr std::size_t most_bytes = 1024 * 1024;  ///< of one reply, and of what comes in one piece
    static constexpr std::size_t most_items = 1000;         ///< of all arrays in one reply

    ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;

    /// Takes what came. False: out of bounds or memory, and the reader is of no use any more.
    bool feed(std::string_view bytes);
    /// The next whole reply, if there is one. invalid for bytes that are no RESP2: then the reader is of no
    /// use any more.
    Result<std::optional<Reply>> next();

private:
    struct Callbacks;
    struct Free {
        void operator()(redisReader* reader) const;
    };
    /// Where hiredis wants this value, or null when it is out of bounds.
    Reply* place(const redisReadTask& task);

    std::unique_ptr<redisReader, Free> reader_;
    Reply root_;
    std::size_t items_left_ = most_items;
};

}  // namespace ping::redis
