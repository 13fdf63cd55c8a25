#pragma once

#include "crowd.hpp"
#include "measurement.hpp"

#include <string>
#include <vector>

namespace bench {

/// Senders on sockets, in pairs that share a chat. Each sends its next message when its last was
/// acknowledged. An operation is one acknowledged message; it also reaches both members' sockets.
class SocketSends final : private CrowdUser {
public:
    SocketSends(boost::asio::io_context& context, const CrowdOptions& crowd, const Population& population,
                std::size_t text_bytes, Measurement& measurement);

    void start() { crowd_.open(); }

private:
    struct Sender {
        std::string json;
        std::uint64_t sent = 0;
        Time sent_at;
    };
    void on_all_ready() override;
    void on_text(std::size_t index, std::string_view text) override;
    void send(std::size_t index);

    Crowd crowd_;
    std::vector<Sender> senders_;
    Measurement& measurement_;
    const Dialect dialect_;
};

}  // namespace bench
