#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {

// Below 64 a value is its own slot; above, its leading one and the five bits behind it name the slot.
std::size_t Histogram::slot_of(std::uint64_t nanoseconds) {
    const int shift = std::max(0, static_cast<int>(std::bit_width(nanoseconds)) - 1 - mantissa_bits);
    return (static_cast<std::size_t>(shift) << mantissa_bits) +
           static_cast<std::size_t>(nanoseconds >> shift);
}

std::uint64_t Histogram::upper_end(std::size_t slot) {
    if (slot < std::size_t{2} << mantissa_bits) {
        return slot;
    }
    const auto shift = (slot >> mantissa_bits) - 1;
    const auto mantissa = slot - (shift << mantissa_bits);
    return ((static_cast<std::uint64_t>(mantissa) + 1) << shift) - 1;
}

void Histogram::add(Clock::duration span) {
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(span).count();
    ++slots_.at(slot_of(static_cast<std::uint64_t>(std::max<std::int64_t>(0, nanoseconds))));
    ++count_;
}

double Histogram::percentile_ms(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        seen += slots_.at(slot);
        if (seen >= wanted && seen > 0) {
            return static_cast<double>(upper_end(slot)) / 1e6;
        }
    }
    return 0;
}

}  // namespace bench
