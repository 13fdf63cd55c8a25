#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ping::realtime {

class Frame;
using FramePtr = boost::intrusive_ptr<const Frame>;

/// Bytes on their way to one connection or to thousands: built once, shared, never changed. Head and payload
/// lie in one allocation. The count of owners is not atomic: frames stay on the loop thread.
class Frame {
public:
    /// A whole text message as one unmasked WebSocket frame (RFC 6455 §5.2): the same bytes for every
    /// receiver.
    static FramePtr text(std::string_view payload);
    /// Bytes of the protocol itself, ready for the wire: a handshake's answer, a pong, a close frame.
    static FramePtr control(std::string_view bytes);

    const char* data() const { return reinterpret_cast<const char*>(this + 1); }
    std::size_t size() const { return size_; }
    bool is_control() const { return is_control_; }
    /// A WebSocket close frame: the last that may leave.
    bool is_close() const { return is_control_ && size_ > 0 && static_cast<std::uint8_t>(*data()) == 0x88; }

    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

private:
    Frame(std::size_t size, bool is_control)
        : size_(static_cast<std::uint32_t>(size)), is_control_(is_control) {}
    static Frame* allocate(std::size_t size, bool is_control);
    char* writable() { return reinterpret_cast<char*>(this + 1); }

    friend void intrusive_ptr_add_ref(const Frame* frame);
    friend void intrusive_ptr_release(const Frame* frame);

    mutable std::uint32_t owners_ = 0;
    std::uint32_t size_;
    bool is_control_;
};

inline void intrusive_ptr_add_ref(const Frame* frame) {
    ++frame->owners_;
}
void intrusive_ptr_release(const Frame* frame);

}  // namespace ping::realtime
