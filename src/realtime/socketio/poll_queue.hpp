#pragma once

#include "ping/realtime/frame.hpp"
#include "ping/realtime/outbox.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ping::realtime::socketio {

/// What waits for a session's next GET, in order: the same frames that a WebSocket would send, whose heads
/// are left out here.
class PollQueue {
public:
    /// False, and nothing queued, when an event would pass a bound. As in an outbox, answers are beside it.
    bool put(FramePtr frame, const OutboxBounds& bounds);
    bool is_empty() const { return frames_.empty(); }
    /// All of it as one polling body; the queue is empty then.
    std::string take_payload();
    /// All of it, to go out over a WebSocket; the queue is empty then.
    std::vector<FramePtr> take_frames();

private:
    std::vector<FramePtr> frames_;
    std::size_t bytes_ = 0;  ///< of all
    std::size_t event_bytes_ = 0;
    std::size_t event_frames_ = 0;
};

}  // namespace ping::realtime::socketio
