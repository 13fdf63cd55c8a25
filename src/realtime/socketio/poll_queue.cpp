#include "realtime/socketio/poll_queue.hpp"

#include "ping/realtime/socketio/engine_packet.hpp"

#include <utility>

namespace ping::realtime::socketio {

bool PollQueue::put(FramePtr frame, const OutboxBounds& bounds) {
    if (frame->kind() == Frame::Kind::event) {
        if (event_bytes_ + frame->size() > bounds.bytes || event_frames_ >= bounds.frames) {
            return false;
        }
        event_bytes_ += frame->size();
        ++event_frames_;
    }
    bytes_ += frame->size();
    frames_.push_back(std::move(frame));
    return true;
}

std::string PollQueue::take_payload() {
    std::string payload;
    payload.reserve(bytes_);
    for (const auto& frame : take_frames()) {
        if (frame->is_binary()) {
            EnginePacket packet;
            packet.is_binary = true;
            packet.data = frame->payload();
            append_to_payload(payload, packet);
        } else {
            payload += payload.empty() ? "" : std::string_view(&packet_separator, 1);
            payload += frame->payload();  // begins with the packet's digit already
        }
    }
    return payload;
}

std::vector<FramePtr> PollQueue::take_frames() {
    bytes_ = 0;
    event_bytes_ = 0;
    event_frames_ = 0;
    return std::exchange(frames_, {});
}

}  // namespace ping::realtime::socketio
