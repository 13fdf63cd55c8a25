#include "realtime/frame_watch.hpp"

#include <algorithm>
#include <chrono>

namespace ping::realtime {
namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t opcode_bits = 0x0F;
constexpr std::uint8_t control_bit = 0x08;
constexpr std::uint8_t close_opcode = 0x08;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7F;
constexpr std::size_t mask_bytes = 4;

/// Bytes of the extended length that the seven bits announce.
std::size_t extended_bytes(std::uint8_t length) {
    switch (length) {
        case 126:
            return 2;
        case 127:
            return 8;
        default:
            return 0;
    }
}

}  // namespace

void FrameWatch::feed(std::string_view bytes, SteadyTime now) {
    while (!bytes.empty()) {
        if (payload_left_ > 0) {
            const auto skipped = std::min<std::uint64_t>(payload_left_, bytes.size());
            payload_left_ -= skipped;
            bytes.remove_prefix(static_cast<std::size_t>(skipped));
            continue;
        }
        if (!is_midway()) {
            midway_since_ = now;
        }
        head_[head_size_++] = static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
        if (head_size_ >= 2 && head_size_ == head_length()) {
            begin_frame(now);
        }
    }
}

std::size_t FrameWatch::head_length() const {
    return 2 + extended_bytes(head_[1] & length_bits) + ((head_[1] & mask_bit) != 0 ? mask_bytes : 0);
}

std::uint64_t FrameWatch::payload_length() const {
    const std::uint8_t length = head_[1] & length_bits;
    const auto extended = extended_bytes(length);
    if (extended == 0) {
        return length;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < extended; ++i) {
        value = value << 8U | head_[2 + i];
    }
    return value;
}

void FrameWatch::begin_frame(SteadyTime now) {
    payload_left_ = payload_length();
    head_size_ = 0;
    const std::uint8_t opcode = head_[0] & opcode_bits;
    if ((opcode & control_bit) != 0) {
        if (opcode != close_opcode) {
            count_control(now);
        }
        return;
    }
    is_broken_ = is_broken_ || ++fragments_ > fragments_per_message;
    if ((head_[0] & final_bit) != 0) {
        fragments_ = 0;
    }
}

void FrameWatch::count_control(SteadyTime now) {
    if (now - second_began_ >= std::chrono::seconds(1)) {
        second_began_ = now;
        controls_ = 0;
    }
    is_broken_ = is_broken_ || ++controls_ > controls_per_second;
}

}  // namespace ping::realtime
