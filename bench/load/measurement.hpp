#pragma once

#include "clock.hpp"
#include "histogram.hpp"
#include "process_stats.hpp"
#include "report.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace bench {

struct MeasurementOptions {
    pid_t server = 0;  ///< the process whose CPU time counts
    std::chrono::duration<double> warm_up{1};
    std::chrono::duration<double> window{5};
};

/// The window in which a load is measured. Operations before and after it do not count, nor does the server's
/// CPU time there.
class Measurement {
public:
    Measurement(boost::asio::io_context& context, const MeasurementOptions& options);

    /// Once everything is connected: the warm-up begins, then the window; at its end the context is stopped.
    /// The window stays open until at least one operation has ended.
    void start();
    bool is_open() const { return is_open_; }
    /// One operation has ended.
    void done(Clock::duration latency) {
        if (is_open_) {
            latencies_.add(latency);
        }
    }
    /// After the window: operations, operations per second, percentiles, the server's CPU time per operation,
    /// its memory.
    Report report() const;

private:
    void open();
    void close_after(Clock::duration span);
    void close();

    boost::asio::io_context& context_;
    const MeasurementOptions options_;
    boost::asio::steady_timer timer_;
    bool is_open_ = false;
    Time opened_at_;
    Time closed_at_;
    CpuTime cpu_;      ///< the server's: at the opening, then what the window used
    CpuTime own_cpu_;  ///< this process's, likewise: whether the load itself was the limit
    Memory memory_;
    Histogram latencies_;
};

}  // namespace bench
