#include "ping/realtime/outbox.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

namespace ping::realtime {
namespace {

constexpr std::size_t frames_per_write = 64;
constexpr std::size_t kept_capacity = 64;
constexpr int send_flags = MSG_NOSIGNAL | MSG_DONTWAIT;

}  // namespace

OutboxFlusher::OutboxFlusher(Loop& loop, std::size_t total_bytes) : total_bytes_(total_bytes) {
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
    if (queued_bytes_ > total_bytes_) {
        shed();
    }
}

void OutboxFlusher::shed() {
    // A copy: who is shed leaves the list.
    std::vector<Outbox*> fullest = backlogged_;
    std::ranges::sort(fullest, std::greater<>(), &Outbox::queued_bytes);
    for (auto* const outbox : fullest) {
        if (queued_bytes_ <= total_bytes_) {
            return;
        }
        outbox->owner_.on_outbox_shed();
    }
}

Outbox::Outbox(OutboxFlusher& flusher, http::Socket& socket, const OutboxBounds& bounds, OutboxOwner& owner)
    : flusher_(flusher), socket_(socket), bounds_(bounds), owner_(owner) {}

Outbox::~Outbox() {
    discard();
    if (is_dirty_) {
        std::ranges::replace(flusher_.dirty_, this, static_cast<Outbox*>(nullptr));
    }
}

Outbox::Put Outbox::put(FramePtr frame) {
    if (is_closed_ || has_failed_) {
        return Put::closed;
    }
    if (frame->kind() == Frame::Kind::event &&
        (event_bytes_ + frame->size() > bounds_.bytes || event_frames_ >= bounds_.frames)) {
        return Put::overflow;
    }
    is_closed_ = frame->is_close();
    controls_taken_ += frame->is_control() ? 1 : 0;
    count_in(*frame);
    frames_.push_back(std::move(frame));
    if (!is_waiting_) {
        mark_dirty();
    }
    return Put::queued;
}

void Outbox::count_in(const Frame& frame) {
    if (frame.kind() == Frame::Kind::event) {
        event_bytes_ += frame.size();
        ++event_frames_;
        flusher_.queued_bytes_ += frame.size();
    } else if (frame.kind() == Frame::Kind::answer) {
        answer_bytes_ += frame.size();
        flusher_.queued_bytes_ += frame.size();
    }
}

void Outbox::count_out(const Frame& frame) {
    if (frame.kind() == Frame::Kind::event) {
        event_bytes_ -= frame.size();
        --event_frames_;
        flusher_.queued_bytes_ -= frame.size();
    } else if (frame.kind() == Frame::Kind::answer) {
        answer_bytes_ -= frame.size();
        flusher_.queued_bytes_ -= frame.size();
    }
}

void Outbox::drop_unsent() {
    std::size_t kept = head_ + (head_offset_ > 0 ? 1 : 0);
    for (std::size_t i = kept; i < frames_.size(); ++i) {
        if (frames_[i]->is_control()) {
            std::swap(frames_[kept++], frames_[i]);
        } else {
            count_out(*frames_[i]);
        }
    }
    frames_.resize(kept);
}

void Outbox::discard() {
    for (std::size_t i = head_; i < frames_.size(); ++i) {
        count_out(*frames_[i]);
    }
    frames_ = {};
    head_ = 0;
    head_offset_ = 0;
    is_closed_ = true;
    leave_backlog();
}

void Outbox::trim() {
    if (is_empty()) {
        frames_.shrink_to_fit();
    }
}

void Outbox::mark_dirty() {
    if (!is_dirty_) {
        is_dirty_ = true;
        flusher_.dirty_.push_back(this);
    }
}

void Outbox::flush() {
    while (!is_empty() && !has_failed_ && !is_waiting_) {
        std::size_t offered = 0;
        const ssize_t sent = send_some(offered);
        if (sent >= 0) {
            advance(static_cast<std::size_t>(sent));
            if (static_cast<std::size_t>(sent) < offered) {
                wait_writable();
            }
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            wait_writable();
        } else if (errno != EINTR) {
            fail();
        }
    }
    is_empty() ? leave_backlog() : join_backlog();
    owner_.on_outbox_progress();
}

ssize_t Outbox::send_some(std::size_t& offered) const {
    const auto part = [this](std::size_t index) {
        const std::size_t skipped = index == head_ ? head_offset_ : 0;
        return iovec{const_cast<char*>(frames_[index]->data() + skipped), frames_[index]->size() - skipped};
    };
    const int fd = socket_.native_handle();
    if (frames_.size() - head_ == 1) {
        const iovec only = part(head_);
        offered = only.iov_len;
        return ::send(fd, only.iov_base, only.iov_len, send_flags);
    }
    std::array<iovec, frames_per_write> parts{};
    msghdr message{};
    message.msg_iov = parts.data();
    for (std::size_t i = head_; i < frames_.size() && message.msg_iovlen < parts.size(); ++i) {
        parts[message.msg_iovlen] = part(i);
        offered += parts[message.msg_iovlen].iov_len;
        ++message.msg_iovlen;
    }
    return ::sendmsg(fd, &message, send_flags);
}

void Outbox::advance(std::size_t bytes) {
    bytes += head_offset_;
    while (head_ < frames_.size() && bytes >= frames_[head_]->size()) {
        bytes -= frames_[head_]->size();
        controls_written_ += frames_[head_]->is_control() ? 1 : 0;
        count_out(*frames_[head_]);
        frames_[head_].reset();
        ++head_;
    }
    head_offset_ = static_cast<std::uint32_t>(bytes);
    if (is_empty()) {
        frames_.clear();
        head_ = 0;
        if (frames_.capacity() > kept_capacity) {
            frames_.shrink_to_fit();
        }
    } else if (head_ >= kept_capacity) {
        frames_.erase(frames_.begin(), frames_.begin() + head_);
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
    discard();
    boost::system::error_code ignored;  // the socket is broken already; the pending read reports it
    socket_.shutdown(http::Socket::shutdown_both, ignored);
}

void Outbox::join_backlog() {
    if (backlog_index_ == not_listed) {
        backlog_index_ = static_cast<std::uint32_t>(flusher_.backlogged_.size());
        flusher_.backlogged_.push_back(this);
    }
}

void Outbox::leave_backlog() {
    if (backlog_index_ != not_listed) {
        flusher_.backlogged_[backlog_index_] = flusher_.backlogged_.back();
        flusher_.backlogged_[backlog_index_]->backlog_index_ = backlog_index_;
        flusher_.backlogged_.pop_back();
        backlog_index_ = not_listed;
    }
}

}  // namespace ping::realtime
