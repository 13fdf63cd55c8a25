#include "ping/realtime/outbox.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

namespace ping::realtime {
namespace {

constexpr std::size_t frames_per_write = 64;
constexpr std::size_t kept_capacity = 64;

}  // namespace

OutboxFlusher::OutboxFlusher(Loop& loop) {
    loop.at_turn_end([this] { flush_all(); });
}

void OutboxFlusher::flush_all() {
    // By index: a flush may queue more (on_progress), which then leaves in this same round. Each entry is
    // taken out first: should a flush throw, the list holds no outbox that does not know of it.
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
        if (Outbox* const outbox = std::exchange(dirty_[i], nullptr); outbox != nullptr) {
            outbox->is_dirty_ = false;
            outbox->flush();
        }
    }
    dirty_.clear();
}

Outbox::Outbox(OutboxFlusher& flusher, http::Socket& socket, OutboxBounds bounds, OutboxOwner& owner)
    : flusher_(flusher), socket_(socket), bounds_(bounds), owner_(owner) {}

Outbox::~Outbox() {
    if (is_dirty_) {
        std::replace(flusher_.dirty_.begin(), flusher_.dirty_.end(), this, static_cast<Outbox*>(nullptr));
    }
}

Outbox::Put Outbox::put(FramePtr frame) {
    if (is_closed_ || has_failed_) {
        return Put::closed;
    }
    if (queued_bytes_ + frame->size() > bounds_.bytes || frames_.size() - head_ >= bounds_.frames) {
        return Put::overflow;
    }
    push(std::move(frame));
    return Put::queued;
}

std::uint64_t Outbox::put_control(FramePtr frame) {
    if (!is_closed_ && !has_failed_) {
        is_closed_ = frame->is_close();
        push(std::move(frame));
    }
    return controls_taken_;
}

void Outbox::push(FramePtr frame) {
    queued_bytes_ += frame->size();
    controls_taken_ += frame->is_control() ? 1 : 0;
    frames_.push_back(std::move(frame));
    if (!is_waiting_) {
        mark_dirty();
    }
}

void Outbox::drop_unsent() {
    std::size_t kept = head_ + (head_offset_ > 0 ? 1 : 0);
    queued_bytes_ = head_offset_ > 0 ? frames_[head_]->size() - head_offset_ : 0;
    for (std::size_t i = kept; i < frames_.size(); ++i) {
        if (frames_[i]->is_control()) {
            queued_bytes_ += frames_[i]->size();
            std::swap(frames_[kept++], frames_[i]);
        }
    }
    frames_.resize(kept);
}

void Outbox::mark_dirty() {
    if (!is_dirty_) {
        is_dirty_ = true;
        flusher_.dirty_.push_back(this);
    }
}

void Outbox::flush() {
    while (!is_empty() && !has_failed_ && !is_waiting_) {
        std::array<iovec, frames_per_write> parts{};
        std::size_t count = 0;
        std::size_t offered = 0;
        for (std::size_t i = head_; i < frames_.size() && count < parts.size(); ++i, ++count) {
            const std::size_t skipped = i == head_ ? head_offset_ : 0;
            parts[count].iov_base = const_cast<char*>(frames_[i]->data() + skipped);
            parts[count].iov_len = frames_[i]->size() - skipped;
            offered += parts[count].iov_len;
        }
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = count;
        const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            if (errno == EINTR) {
                continue;
            }
            if (errno == EAGAIN || errno == EWOULDBLOCK) {
                wait_writable();
            } else {
                fail();
            }
            break;
        }
        advance(static_cast<std::size_t>(sent));
        if (static_cast<std::size_t>(sent) < offered) {
            wait_writable();
        }
    }
    owner_.on_outbox_progress();
}

void Outbox::advance(std::size_t bytes) {
    queued_bytes_ -= bytes;
    head_offset_ += bytes;
    while (head_ < frames_.size() && head_offset_ >= frames_[head_]->size()) {
        head_offset_ -= frames_[head_]->size();
        controls_written_ += frames_[head_]->is_control() ? 1 : 0;
        frames_[head_].reset();
        ++head_;
    }
    if (is_empty()) {
        frames_.clear();
        head_ = 0;
        if (frames_.capacity() > kept_capacity) {
            frames_.shrink_to_fit();
        }
    } else if (head_ >= kept_capacity) {
        frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
    }
}

void Outbox::wait_writable() {
    is_waiting_ = true;
    socket_.async_wait(http::Socket::wait_write,
                       [this, alive = owner_.keep_alive()](const boost::system::error_code& error) {
                           is_waiting_ = false;
                           if (!error) {
                               mark_dirty();
                           }
                       });
}

void Outbox::fail() {
    has_failed_ = true;
    frames_.clear();
    head_ = 0;
    head_offset_ = 0;
    queued_bytes_ = 0;
    boost::system::error_code ignored;  // the socket is broken already; the pending read reports it
    socket_.shutdown(http::Socket::shutdown_both, ignored);
}

}  // namespace ping::realtime
