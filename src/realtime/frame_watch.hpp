#pragma once

#include "ping/core/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ping::realtime {

/// Counts what a client's WebSocket frames cost (RFC 6455 §5.2), on the raw bytes before the protocol's
/// parser gets them: that one swallows empty fragments, pings and pongs within one read, without a word to
/// its caller. It only counts; what is malformed is the parser's affair. (TRUST.md T36.)
class FrameWatch {
public:
    static constexpr std::uint32_t fragments_per_message = 64;
    static constexpr std::uint32_t controls_per_second = 10;

    /// Looks at the bytes that come next. O(frames), whatever the size of their payloads.
    void feed(std::string_view bytes, SteadyTime now);
    /// The client has sent more fragments in a message or more control frames in a second than it may.
    bool is_broken() const { return is_broken_; }
    /// A message or frame has begun and is not whole yet.
    bool is_midway() const { return head_size_ > 0 || payload_left_ > 0 || fragments_ > 0; }
    /// When what is midway began.
    SteadyTime midway_since() const { return midway_since_; }
    /// Time until now was ours, not the client's: nobody read.
    void restart_clock(SteadyTime now) { midway_since_ = now; }

private:
    std::size_t head_length() const;
    std::uint64_t payload_length() const;
    void begin_frame(SteadyTime now);
    void count_control(SteadyTime now);

    std::uint64_t payload_left_ = 0;
    SteadyTime midway_since_{};
    SteadyTime second_began_{};
    std::uint32_t controls_ = 0;   ///< in the second that began at `second_began_`
    std::uint32_t fragments_ = 0;  ///< of the message that has not ended
    std::array<std::uint8_t, 14> head_{};
    std::uint8_t head_size_ = 0;
    bool is_broken_ = false;
};

}  // namespace ping::realtime
