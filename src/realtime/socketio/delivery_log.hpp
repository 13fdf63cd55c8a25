#pragma once

#include "realtime/socketio/chat_places.hpp"

namespace ping::realtime::socketio {

/// Which messages are on their way to one client: the first of each chat that may not have arrived, and the
/// last of each that nobody has been told of as delivered. What has left, and what has arrived, the transport
/// says as in EngineListener.
class DeliveryLog {
public:
    enum class Author { self, other };

    /// A message was sent. The client's own are delivered by being written. False when one before it is on
    /// its way, too.
    bool sent(ChatPlace place, Author author);
    /// All has left. The last messages of the chats, to be told as delivered.
    ChatPlaces left();
    void checkpoint();
    /// What was sent before the checkpoint has arrived. The last messages, as far as `left` did not name
    /// them.
    ChatPlaces arrived();
    /// The first message of each chat that may not have arrived.
    ChatPlaces doubtful() const;

private:
    ChatPlaces first_;  ///< since the checkpoint
    ChatPlaces last_;
    ChatPlaces first_before_;
    ChatPlaces last_before_;
};

}  // namespace ping::realtime::socketio
