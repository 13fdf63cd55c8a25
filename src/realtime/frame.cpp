#include "ping/realtime/frame.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <new>

namespace ping::realtime {
namespace {

constexpr std::uint8_t final_text = 0x81;

struct TextHead {
    std::array<std::uint8_t, 10> bytes{};
    std::size_t size = 0;
};

TextHead make_text_head(std::size_t payload) {
    TextHead head;
    head.bytes[0] = final_text;
    if (payload < 126) {
        head.bytes[1] = static_cast<std::uint8_t>(payload);
        head.size = 2;
        return head;
    }
    const bool is_short = payload <= std::numeric_limits<std::uint16_t>::max();
    const std::size_t length_bytes = is_short ? 2 : 8;
    head.bytes[1] = is_short ? 126 : 127;
    for (std::size_t i = 0; i < length_bytes; ++i) {
        head.bytes[2 + i] = static_cast<std::uint8_t>(payload >> (8 * (length_bytes - 1 - i)));
    }
    head.size = 2 + length_bytes;
    return head;
}

}  // namespace

Frame* Frame::allocate(std::size_t size, bool is_control) {
    void* const memory = ::operator new(sizeof(Frame) + size);
    return new (memory) Frame(size, is_control);
}

FramePtr Frame::text(std::string_view payload) {
    const TextHead head = make_text_head(payload.size());
    Frame* const frame = allocate(head.size + payload.size(), false);
    std::memcpy(frame->writable(), head.bytes.data(), head.size);
    std::memcpy(frame->writable() + head.size, payload.data(), payload.size());
    return FramePtr(frame);
}

FramePtr Frame::control(std::string_view bytes) {
    Frame* const frame = allocate(bytes.size(), true);
    std::memcpy(frame->writable(), bytes.data(), bytes.size());
    return FramePtr(frame);
}

void intrusive_ptr_release(const Frame* frame) {
    if (--frame->owners_ == 0) {
        frame->~Frame();
        ::operator delete(const_cast<Frame*>(frame));
    }
}

}  // namespace ping::realtime
