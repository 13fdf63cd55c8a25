#pragma once

#include "ping/http/upgrade.hpp"
#include "ping/realtime/frame.hpp"
#include "ping/runtime/loop.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ping::realtime {

class Outbox;

/// Sends what the connections have at the end of each turn of the loop. One per process; loop thread.
class OutboxFlusher {
public:
    /// Registers itself with the loop, which must not run after this object is gone.
    explicit OutboxFlusher(Loop& loop);
    OutboxFlusher(const OutboxFlusher&) = delete;
    OutboxFlusher& operator=(const OutboxFlusher&) = delete;

private:
    friend class Outbox;
    void flush_all();

    std::vector<Outbox*> dirty_;
};

/// How much may wait for one connection (TRUST.md T41).
struct OutboxBounds {
    std::size_t bytes = 256 * 1024;
    std::size_t frames = 256;
};

/// The connection an outbox belongs to.
class OutboxOwner {
public:
    /// Bytes have left, or writing has failed. Called from the flusher; must not destroy the outbox.
    virtual void on_outbox_progress() = 0;
    /// Keeps the owner, and with it the outbox and the socket, while the kernel is asked for room.
    virtual std::shared_ptr<void> keep_alive() = 0;

protected:
    ~OutboxOwner() = default;
};

/// What waits to be sent to one connection, in order. All bytes of a turn leave in one gather write; while
/// the kernel's buffer is full frames only queue. Over the bound the policy is to drop the connection, never
/// to wait: the owner learns it by `put`'s answer and closes. Loop thread.
class Outbox {
public:
    Outbox(OutboxFlusher& flusher, http::Socket& socket, OutboxBounds bounds, OutboxOwner& owner);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    enum class Put { queued, overflow, closed };

    /// Queues a frame. `overflow` (nothing queued) when a bound would be passed.
    Put put(FramePtr frame);
    /// Queues a control frame beside the bounds (Beast has at most one under way) and returns its number: it
    /// has left when `controls_written` has come that far. After a close frame nothing more is taken; the
    /// number is then that of the last control frame taken.
    std::uint64_t put_control(FramePtr frame);
    /// Forgets the data frames of which no byte has left yet: room for the close frame of a reader that is
    /// too slow.
    void drop_unsent();

    /// Control frames that have left whole since the start, those given to `put` included.
    std::uint64_t controls_written() const { return controls_written_; }
    bool is_empty() const { return head_ == frames_.size(); }
    /// Writing has failed: nothing will leave any more, the socket is shut down and reading will fail.
    bool has_failed() const { return has_failed_; }

private:
    friend class OutboxFlusher;
    void push(FramePtr frame);
    void mark_dirty();
    void flush();
    void advance(std::size_t bytes);
    void wait_writable();
    void fail();

    OutboxFlusher& flusher_;
    http::Socket& socket_;
    const OutboxBounds bounds_;
    OutboxOwner& owner_;
    std::vector<FramePtr> frames_;  ///< a vector with a head index: an empty deque costs 576 bytes
    std::size_t head_ = 0;
    std::size_t head_offset_ = 0;  ///< bytes of frames_[head_] that have left
    std::size_t queued_bytes_ = 0;
    std::uint64_t controls_taken_ = 0;
    std::uint64_t controls_written_ = 0;
    bool is_dirty_ = false;
    bool is_waiting_ = false;  ///< for the kernel to take more
    bool is_closed_ = false;
    bool has_failed_ = false;
};

}  // namespace ping::realtime
