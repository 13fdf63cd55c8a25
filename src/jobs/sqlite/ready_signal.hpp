#pragma once

namespace ping::jobs {

/// An eventfd: readable from `set` until `clear`. Any thread.
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
};

}  // namespace ping::jobs
