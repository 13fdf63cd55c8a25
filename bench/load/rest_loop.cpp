#include "rest_loop.hpp"

#include <utility>

namespace bench {

RestLoop::RestLoop(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server,
                   std::size_t lanes, int expected, MakeRequest make_request, Measurement& measurement)
    : expected_(expected), make_request_(std::move(make_request)), measurement_(measurement) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        clients_.push_back(std::make_unique<HttpClient>(context, server));
    }
}

void RestLoop::start() {
    for (std::size_t lane = 0; lane < clients_.size(); ++lane) {
        clients_[lane]->connect([this, lane] {
            if (++open_ == clients_.size()) {
                measurement_.start();
            }
            send(lane);
        });
    }
}

void RestLoop::send(std::size_t lane) {
    auto& client = *clients_[lane];
    const auto request = make_request_(client, lane);
    client.send(request, [this, lane, sent_at = Clock::now()](const HttpAnswer& answer) {
        expect_status(answer, expected_);
        measurement_.done(Clock::now() - sent_at);
        send(lane);
    });
}

}  // namespace bench
