#pragma once

#include "clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace bench {

/// How often which duration was seen: 32 steps per power of two of nanoseconds, so a percentile is at most 3
/// % too high. Adding costs a few nanoseconds, however many were added.
class Histogram {
public:
    void add(Clock::duration span);
    std::uint64_t count() const { return count_; }
    /// The duration in milliseconds that `share` (0 to 1) of all do not exceed; 0 when there is none.
    double percentile_ms(double share) const;

private:
    static constexpr int mantissa_bits = 5;
    static std::size_t slot_of(std::uint64_t nanoseconds);
    static std::uint64_t upper_end(std::size_t slot);

    std::array<std::uint64_t, std::size_t{64} << mantissa_bits> slots_{};
    std::uint64_t count_ = 0;
};

}  // namespace bench
