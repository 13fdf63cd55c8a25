#include "socket_sends.hpp"

#include "message_text.hpp"

namespace bench {

SocketSends::SocketSends(boost::asio::io_context& context, const CrowdOptions& crowd,
                         const Population& population, std::size_t text_bytes, Measurement& measurement)
    : crowd_(context, crowd, population, *this), measurement_(measurement), dialect_(crowd.dialect) {
    for (std::size_t i = 0; i < crowd.connections; ++i) {
        senders_.push_back({message_json(crowd_.chat_of(i).id, plain_text(text_bytes)), 0, {}});
    }
}

void SocketSends::on_all_ready() {
    measurement_.start();
    for (std::size_t i = 0; i < senders_.size(); ++i) {
        send(i);
    }
}

void SocketSends::send(std::size_t index) {
    auto& sender = senders_[index];
    sender.sent_at = Clock::now();
    crowd_.send(index, "sendMessage", sender.json, ++sender.sent);
}

void SocketSends::on_text(std::size_t index, std::string_view text) {
    if (is_answer(dialect_, text)) {
        measurement_.done(Clock::now() - senders_[index].sent_at);
        send(index);
    }
}

}  // namespace bench
