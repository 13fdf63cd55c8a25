#include "ping/runtime/ready_signal.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace ping {

ReadySignal::ReadySignal() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (descriptor_ < 0) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

ReadySignal::~ReadySignal() {
    ::close(descriptor_);
}

void ReadySignal::set() {
    if (!is_set_.exchange(true)) {
        // It can only fail when the counter is at its end, and then it is set.
        [[maybe_unused]] const int result = ::eventfd_write(descriptor_, 1);
    }
}

void ReadySignal::clear() {
    eventfd_t count = 0;
    // It can only fail when there is nothing to clear.
    [[maybe_unused]] const int result = ::eventfd_read(descriptor_, &count);
    // Last: the other way round, a `set` in between would count as announced while nothing is readable.
    is_set_.exchange(false);
}

}  // namespace ping
