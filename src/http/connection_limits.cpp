#include "http/connection_limits.hpp"

#include <algorithm>
#include <map>
#include <sys/resource.h>

namespace ping::http {
namespace {

constexpr rlim_t files_kept_free = 64;

}  // namespace

struct ConnectionLimits::State {
    int of_all = 0;
    int per_address = 0;
    int open = 0;
    std::map<Address, int> open_by_address;
};

ConnectionLimits::ConnectionLimits(int of_all, int per_address) : state_(std::make_shared<State>()) {
    state_->of_all = of_all;
    state_->per_address = per_address;
}

ConnectionSlot ConnectionLimits::take_place() {
    if (state_->open >= state_->of_all) {
        return nullptr;
    }
    ++state_->open;
    return ConnectionSlot(state_.get(), [state = state_](void*) { --state->open; });
}

ConnectionSlot ConnectionLimits::take_place_of(const Address& address) {
    if (state_->per_address == 0) {
        return ConnectionSlot(state_.get(), [](void*) {});
    }
    const auto place = state_->open_by_address.try_emplace(subscriber_of(address), 0).first;
    if (place->second >= state_->per_address) {
        return nullptr;
    }
    ++place->second;
    return ConnectionSlot(state_.get(), [state = state_, place](void*) {
        if (--place->second == 0) {
            state->open_by_address.erase(place);
        }
    });
}

int ConnectionLimits::open() const {
    return state_->open;
}

int ConnectionLimits::below_file_limit(int configured) {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) {
        return configured;
    }
    const auto usable =
        files.rlim_cur > 2 * files_kept_free ? files.rlim_cur - files_kept_free : files.rlim_cur / 2;
    return static_cast<int>(std::min(static_cast<rlim_t>(configured), usable));
}

}  // namespace ping::http
