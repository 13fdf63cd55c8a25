#pragma once

#include "ping/http/upgrade.hpp"
#include "ping/realtime/frame.hpp"
#include "ping/runtime/loop.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <sys/types.h>
#include <vector>

namespace ping::realtime {

class Outbox;

/// Sends what the connections have at the end of each turn of the loop, and bounds what they all together
/// keep waiting. One per process; loop thread.
class OutboxFlusher {
public:
    /// Registers itself with the loop, which must not run after this object is gone. `total_bytes`: what may
    /// wait in all outboxes; over it the fullest are told to close (`OutboxOwner::on_outbox_shed`).
    OutboxFlusher(Loop& loop, std::size_t total_bytes);
    OutboxFlusher(const OutboxFlusher&) = delete;
    OutboxFlusher& operator=(const OutboxFlusher&) = delete;

    /// Bytes that wait in all outboxes; a shared frame counts once per connection.
    std::size_t queued_bytes() const { return queued_bytes_; }

private:
    friend class Outbox;
    void flush_all();
    void shed();

    std::vector<Outbox*> dirty_;
    std::vector<Outbox*> backlogged_;  ///< those the kernel did not take all of
    std::size_t queued_bytes_ = 0;
    const std::size_t total_bytes_;
};

/// How many events may wait for one connection (TRUST.md T41).
struct OutboxBounds {
    std::size_t bytes = 256 * 1024;
    std::size_t frames = 256;
};

/// The connection an outbox belongs to.
class OutboxOwner {
public:
    /// Bytes have left, or writing has failed. Called from the flusher; must not destroy the outbox.
    virtual void on_outbox_progress() = 0;
    /// All outboxes together are over their bound and this is one of the fullest: close the connection, or
    /// cut it off if it is closing already. Called from the flusher; must not destroy the outbox.
    virtual void on_outbox_shed() = 0;
    /// Keeps the owner, and with it the outbox and the socket, while the kernel is asked for room.
    virtual std::shared_ptr<void> keep_alive() = 0;

protected:
    ~OutboxOwner() = default;
};

/// What waits to be sent to one connection, in order. All bytes of a turn leave in one gather write; while
/// the kernel's buffer is full frames only queue. Events over the bound: the policy is to drop the
/// connection, never to wait; the owner learns it by `put`'s answer and closes. Answers are beside the bound:
/// the owner paces them, by reading no request while much of them waits. Loop thread.
class Outbox {
public:
    /// The bounds must outlive the outbox.
    Outbox(OutboxFlusher& flusher, http::Socket& socket, const OutboxBounds& bounds, OutboxOwner& owner);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    enum class Put { queued, overflow, closed };

    /// Queues a frame. `overflow` (nothing queued): an event that would pass a bound. `closed`: a close frame
    /// was queued before, or writing has failed.
    Put put(FramePtr frame);
    /// Forgets the events and answers of which no byte has left yet: room for the close frame of a reader
    /// that is too slow.
    void drop_unsent();
    /// Forgets everything and sends nothing any more.
    void discard();
    /// Gives back memory that an idle connection does not need.
    void trim();

    /// Control frames queued, and those that have left whole, since the start.
    std::uint32_t controls_taken() const { return controls_taken_; }
    std::uint32_t controls_written() const { return controls_written_; }
    /// Of events and of answers, the frame that is leaving included as a whole.
    std::size_t queued_bytes() const { return event_bytes_ + answer_bytes_; }
    std::size_t answer_bytes() const { return answer_bytes_; }
    bool is_empty() const { return head_ == frames_.size(); }
    /// Writing has failed: nothing will leave any more, the socket is shut down and reading will fail.
    bool has_failed() const { return has_failed_; }

private:
    friend class OutboxFlusher;
    void count_in(const Frame& frame);
    void count_out(const Frame& frame);
    void mark_dirty();
    void flush();
    ssize_t send_some(std::size_t& offered) const;
    void advance(std::size_t bytes);
    void wait_writable();
    void fail();
    void join_backlog();
    void leave_backlog();

    OutboxFlusher& flusher_;
    http::Socket& socket_;
    const OutboxBounds& bounds_;
    OutboxOwner& owner_;
    std::vector<FramePtr> frames_;  ///< a vector with a head index: an empty deque costs 576 bytes
    std::uint32_t head_ = 0;
    std::uint32_t head_offset_ = 0;  ///< bytes of frames_[head_] that have left
    std::size_t answer_bytes_ = 0;
    std::size_t event_bytes_ = 0;
    std::uint32_t event_frames_ = 0;
    std::uint32_t controls_taken_ = 0;
    std::uint32_t controls_written_ = 0;
    std::uint32_t backlog_index_ = not_listed;  ///< in the flusher's list
    bool is_dirty_ = false;
    bool is_waiting_ = false;  ///< for the kernel to take more
    bool is_closed_ = false;
    bool has_failed_ = false;

    static constexpr std::uint32_t not_listed = UINT32_MAX;
};

}  // namespace ping::realtime
