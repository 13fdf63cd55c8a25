#pragma once

#include "ping/realtime/outbox.hpp"
#include "ping/runtime/loop.hpp"

#include <cstddef>
#include <functional>
#include <unordered_set>

namespace ping::realtime {

class WebSocket;

/// What the WebSockets of one endpoint share. Knows those that are not over; none may outlive it. Loop
/// thread.
class WebSocketHost {
public:
    /// `on_end` is called when a socket is gone. Loop and flusher must outlive this object.
    WebSocketHost(Loop& loop, OutboxFlusher& flusher, OutboxBounds bounds, std::function<void()> on_end)
        : loop_(loop), flusher_(flusher), bounds_(bounds), on_end_(std::move(on_end)) {}
    WebSocketHost(const WebSocketHost&) = delete;
    WebSocketHost& operator=(const WebSocketHost&) = delete;

    std::size_t size() const { return sockets_.size(); }
    /// Ends all of them at once; their users are told. Each is there until its aborted operations have been
    /// reported.
    void cut_all();

private:
    friend class WebSocket;

    Loop& loop_;
    OutboxFlusher& flusher_;
    const OutboxBounds bounds_;
    std::function<void()> on_end_;
    std::unordered_set<WebSocket*> sockets_;
};

}  // namespace ping::realtime
