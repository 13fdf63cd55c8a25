#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/realtime/caller.hpp"
#include "ping/runtime/task.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <vector>

namespace ping::realtime::socketio {

/// What is done in the chats on behalf of clients that do not do it themselves: the family's neither say what
/// has reached them nor, after a break, rejoin their chats or ask for what they have missed. Loop thread.
class ChatLink {
public:
    virtual ~ChatLink() = default;

    struct Message {
        std::int64_t seq = 0;
        UserId sender;
        boost::json::value data;  ///< of `newMessage`
    };
    struct Page {
        std::vector<Message> messages;  ///< ascending
        bool has_more = false;
    };
    /// The messages behind a seq. forbidden, not_found.
    virtual Task<Result<Page>> messages_after(UserId reader, ChatId chat, std::int64_t seq) = 0;
    /// The connection has the chat open again, if its user is still a member.
    virtual Task<> reopen(Caller caller, ChatId chat) = 0;
    /// The chat has reached a device of the user up to a seq.
    virtual void delivered(UserId user, ChatId chat, std::int64_t seq) = 0;
    /// A message that was missed has been sent to a connection of the user, who sees it with the chat open.
    virtual void caught_up(UserId user, ChatId chat, std::int64_t seq) = 0;
};

}  // namespace ping::realtime::socketio
