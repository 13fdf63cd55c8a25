#include "redis/reply_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using ping::redis::Reply;
using ping::redis::ReplyReader;

namespace {

std::size_t count_items(const Reply& reply) {
    std::size_t count = reply.items.size();
    for (const auto& item : reply.items) {
        count += count_items(item);
    }
    return count;
}

std::string describe(const Reply& reply) {
    auto text = std::to_string(static_cast<int>(reply.kind)) + ":" + std::to_string(reply.integer) + ":" +
                std::to_string(reply.text.size()) + ":" + reply.text + "[";
    for (const auto& item : reply.items) {
        text += describe(item);
    }
    return text + "]";
}

/// What comes out when the bytes arrive in pieces of this size; ends with `!` where the reader refuses.
std::string read_all(const std::string& wire, std::size_t piece) {
    ReplyReader reader;
    std::string found;
    for (std::size_t at = 0; at < wire.size(); at += piece) {
        if (!reader.feed(std::string_view(wire).substr(at, piece))) {
            return found + "!";
        }
        while (true) {
            const auto reply = reader.next();
            if (!reply) {
                return found + "!";
            }
            if (!*reply) {
                break;
            }
            if (count_items(**reply) > ReplyReader::most_items) {
                std::abort();
            }
            found += describe(**reply);
        }
    }
    return found;
}

}  // namespace

/// Replies stay within their bounds and do not depend on how the bytes arrive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string wire(data, data + size);
    const auto whole = read_all(wire, wire.size() + 1);
    if (read_all(wire, 1) != whole || read_all(wire, 7) != whole) {
        std::abort();
    }
    return 0;
}
