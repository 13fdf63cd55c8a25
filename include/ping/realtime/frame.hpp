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
    /// What an outbox does with it.
    enum class Kind : std::uint8_t {
        event,    ///< counts against the outbox's bound: nobody asked for it, so it may come at any pace
        answer,   ///< to a request of this very connection, which is not read on until it has left
        control,  ///< of the protocol itself
    };

    /// A whole text message as one unmasked WebSocket frame (RFC 6455 §5.2): the same bytes for every
    /// receiver.
    static FramePtr text(std::string_view payload, Kind kind = Kind::event);
    /// A whole binary message, likewise.
    static FramePtr binary(std::string_view payload, Kind kind = Kind::event);
    /// Bytes of the protocol itself, ready for the wire: a handshake's answer, a pong.
    static FramePtr control(std::string_view bytes);
    /// A close frame (RFC 6455 §5.5.1); the reason must fit: 123 bytes.
    static FramePtr close(std::uint16_t code, std::string_view reason);

    const char* data() const { return reinterpret_cast<const char*>(this + 1); }
    std::size_t size() const { return size_; }
    Kind kind() const { return kind_; }
    bool is_control() const { return kind_ == Kind::control; }
    /// Of a text or binary message: what it carries, without the frame's head.
    std::string_view payload() const;
    /// A binary message.
    bool is_binary() const;
    /// A WebSocket close frame: the last that may leave.
    bool is_close() const { return is_control() && size_ > 0 && static_cast<std::uint8_t>(*data()) == 0x88; }

    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

private:
    Frame(std::size_t size, Kind kind) : size_(static_cast<std::uint32_t>(size)), kind_(kind) {}
    static FramePtr message(std::uint8_t first, std::string_view payload, Kind kind);
    static Frame* allocate(std::size_t size, Kind kind);
    char* writable() { return reinterpret_cast<char*>(this + 1); }

    friend void intrusive_ptr_add_ref(const Frame* frame);
    friend void intrusive_ptr_release(const Frame* frame);

    mutable std::uint32_t owners_ = 0;
    std::uint32_t size_;
    Kind kind_;
};

inline void intrusive_ptr_add_ref(const Frame* frame) {
    ++frame->owners_;
}
void intrusive_ptr_release(const Frame* frame);

}  // namespace ping::realtime
