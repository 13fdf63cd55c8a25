#pragma once

#include <atomic>

namespace ping {

/// An eventfd: readable from `set` until `clear`. Who waits for it clears it first and then looks for what it
/// may announce: a `set` in between may find that it has been announced already. Any thread.
class ReadySignal {
public:
    /// Throws std::system_error when the process has no descriptor left.
    ReadySignal();
    ~ReadySignal();
    ReadySignal(const ReadySignal&) = delete;
    ReadySignal& operator=(const ReadySignal&) = delete;

    void set();
    void clear();
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
    std::atomic<bool> is_set_{false};  ///< spares the system call of a `set` that changes nothing
};

}  // namespace ping
