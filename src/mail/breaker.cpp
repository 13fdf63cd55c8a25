#include "mail/breaker.hpp"

namespace ping::mail {

std::size_t Breaker::room(SteadyTime now, std::size_t in_flight, std::size_t parallel) const {
    if (!open_until_) {
        return in_flight < parallel ? parallel - in_flight : 0;
    }
    return now >= *open_until_ && in_flight == 0 ? 1 : 0;
}

bool Breaker::note(bool reached, SteadyTime now) {
    if (reached) {
        failures_ = 0;
        open_until_.reset();
        return false;
    }
    if (failures_ < threshold) {
        ++failures_;
    }
    if (failures_ < threshold) {
        return false;
    }
    const bool was_closed = !open_until_;
    open_until_ = now + open_for;
    return was_closed;
}

}  // namespace ping::mail
