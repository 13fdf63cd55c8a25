#pragma once

#include "realtime/socketio/chat_places.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ping::realtime::socketio {

/// How far a connection has got with what its device had missed, so that no message comes twice on it and
/// each chat's come in order: while a chat is being caught up its new messages are held back, since they come
/// from the store as well. Sans-io.
class CatchUp {
public:
    /// The chat's messages from `first` on are to come. `live_from`: the first one that has come as it
    /// happened; only those before it are missing then.
    void add(ChatPlace first, std::optional<std::int64_t> live_from);
    bool is_done() const { return running_ == chats_.size(); }
    /// The chat whose turn it is, and the seq behind which to read on. Only when not done.
    ChatPlace next() const;
    /// Whether to send this message of that chat, read from the store. In order.
    bool takes(std::int64_t seq);
    /// A page of the chat was read; `has_more`: the store has others. On to the next chat when it is
    /// complete.
    void page_read(bool has_more);
    /// The chat can not be read: on to the next one.
    void skip() { ++running_; }
    /// What is still to come: the first message of each chat that is not complete.
    ChatPlaces missing() const;
    /// Whether a new message is to be left out: it comes from the store, or has come from there.
    bool holds(ChatPlace place);

private:
    struct Chat {
        ChatId id;
        std::int64_t sent = 0;  ///< up to here it has
        std::optional<std::int64_t> live_from;
        std::int64_t held = 0;  ///< the newest that was left out
    };

    std::vector<Chat> chats_;
    bool has_taken_ = false;   ///< a message of the page that is being read
    std::size_t running_ = 0;  ///< those before it are complete
};

}  // namespace ping::realtime::socketio
