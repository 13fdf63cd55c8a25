#pragma once

#include "crowd.hpp"
#include "measurement.hpp"

#include <boost/asio/steady_timer.hpp>

namespace bench {

struct IdleOptions {
    pid_t server = 0;
    std::size_t first = 100;                  ///< connections before the first look: the server has warmed up
    std::chrono::duration<double> settle{2};  ///< before each look
    std::chrono::duration<double> window{10};  ///< how long the CPU time of doing nothing is watched
};

/// Opens connections that do nothing, and sees what the server's process needs for each of them.
class Idle final : private CrowdUser {
public:
    Idle(boost::asio::io_context& context, const CrowdOptions& crowd, const Population& population,
         const IdleOptions& options);

    void start() { crowd_.open_up_to(options_.first); }
    Report report() const;

private:
    void on_all_ready() override;
    void on_text(std::size_t, std::string_view) override {}
    void wait(std::chrono::duration<double> span, void (Idle::*then)());
    void look_first();
    void look_again();
    void end();

    boost::asio::io_context& context_;
    Crowd crowd_;
    const IdleOptions options_;
    boost::asio::steady_timer timer_;
    bool is_full_ = false;
    Memory before_;
    Memory after_;
    CpuTime cpu_;
};

}  // namespace bench
