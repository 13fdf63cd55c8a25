#pragma once

#include "ping/core/clock.hpp"
#include "ping/redis/client.hpp"
#include "redis/reply_reader.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ping::redis {

/// What one connection has asked and not been answered yet: the bytes that are still to be sent, and who
/// waits for which reply. Knows no socket. Loop thread.
class Pipeline {
public:
    struct Answered {
        std::unique_ptr<Call> call;
        Reply reply;
        SteadyTime asked_at;
    };

    void add(const Command& command, std::unique_ptr<Call> call, SteadyTime now);
    /// The bytes added since the last time.
    std::string take_unsent();
    std::size_t unsent_bytes() const { return unsent_.size(); }

    /// Takes what the server sent. False: what came is no RESP2.
    bool feed(std::string_view bytes) { return reader_.feed(bytes); }
    /// The next reply with its call; nothing when there is no whole one. invalid for bytes that are no RESP2
    /// and for a reply that nobody asked for.
    Result<std::optional<Answered>> next();

    std::size_t pending() const { return waiting_.size(); }
    /// Of the call that has waited longest. Only while one is pending.
    SteadyTime oldest() const { return waiting_.front().asked_at; }
    /// Those who will get no reply any more, longest waiting first.
    std::vector<std::unique_ptr<Call>> abandon();

private:
    struct Waiting {
        std::unique_ptr<Call> call;
        SteadyTime asked_at;
    };
    std::string unsent_;
    std::deque<Waiting> waiting_;
    ReplyReader reader_;
};

}  // namespace ping::redis
