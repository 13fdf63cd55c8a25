#pragma once

#include "crowd.hpp"
#include "measurement.hpp"

#include <vector>

namespace bench {

/// One chat, all connections in it: `in_flight` messages are on their way at a time, each sent by a
/// connection of its own, which sends its next one when its last has arrived everywhere. An operation is one
/// delivery; its latency runs from the sending.
class Fanout final : private CrowdUser {
public:
    Fanout(boost::asio::io_context& context, const CrowdOptions& crowd, const Population& population,
           std::size_t in_flight, std::size_t text_bytes, Measurement& measurement);

    void start() { crowd_.open(); }
    /// Bytes of the last event that came, as the receiver sees it.
    std::size_t event_bytes() const { return event_bytes_; }

private:
    struct Flight {
        std::uint64_t round = 0;
        std::size_t arrived = 0;
        Time sent_at;
    };
    void on_all_ready() override;
    void on_text(std::size_t index, std::string_view text) override;
    void send(std::size_t slot);

    Crowd crowd_;
    std::vector<Flight> flights_;
    const std::size_t text_bytes_;
    Measurement& measurement_;
    const Dialect dialect_;
    std::size_t event_bytes_ = 0;
};

}  // namespace bench
