#include "ping/realtime/frame.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <string>

namespace ping::realtime {
namespace {

constexpr std::uint8_t final_text = 0x81;
constexpr std::uint8_t final_binary = 0x82;

struct MessageHead {
    std::array<std::uint8_t, 10> bytes{};
    std::size_t size = 0;
};

MessageHead make_head(std::uint8_t first, std::size_t payload) {
    MessageHead head;
    head.bytes[0] = first;
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

Frame* Frame::allocate(std::size_t size, Kind kind) {
    void* const memory = ::operator new(sizeof(Frame) + size);
    return new (memory) Frame(size, kind);
}

FramePtr Frame::message(std::uint8_t first, std::string_view payload, Kind kind) {
    const MessageHead head = make_head(first, payload.size());
    Frame* const frame = allocate(head.size + payload.size(), kind);
    std::memcpy(frame->writable(), head.bytes.data(), head.size);
    std::memcpy(frame->writable() + head.size, payload.data(), payload.size());
    return FramePtr(frame);
}

FramePtr Frame::text(std::string_view payload, Kind kind) {
    return message(final_text, payload, kind);
}

FramePtr Frame::binary(std::string_view payload, Kind kind) {
    return message(final_binary, payload, kind);
}

std::string_view Frame::payload() const {
    const auto length = static_cast<std::uint8_t>(data()[1]);
    const std::size_t head_size = length < 126 ? 2 : length == 126 ? 4 : 10;
    return {data() + head_size, size() - head_size};
}

bool Frame::is_binary() const {
    return !is_control() && static_cast<std::uint8_t>(*data()) == final_binary;
}

FramePtr Frame::control(std::string_view bytes) {
    Frame* const frame = allocate(bytes.size(), Kind::control);
    std::memcpy(frame->writable(), bytes.data(), bytes.size());
    return FramePtr(frame);
}

FramePtr Frame::close(std::uint16_t code, std::string_view reason) {
    std::string bytes{'\x88', static_cast<char>(2 + reason.size()), static_cast<char>(code >> 8),
                      static_cast<char>(code & 0xFF)};
    return control(bytes.append(reason));
}

void intrusive_ptr_release(const Frame* frame) {
    if (--frame->owners_ == 0) {
        frame->~Frame();
        ::operator delete(const_cast<Frame*>(frame));
    }
}

}  // namespace ping::realtime
