#pragma once

#include "http_client.hpp"
#include "measurement.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Parallel connections, each with its next request as soon as its last was answered. An operation is one
/// answer.
class RestLoop {
public:
    /// `make_request(client, lane)`: the next request of a lane. Every answer must have the status
    /// `expected`.
    using MakeRequest = std::function<std::string(const HttpClient&, std::size_t)>;

    RestLoop(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server,
             std::size_t lanes, int expected, MakeRequest make_request, Measurement& measurement);

    void start();

private:
    void send(std::size_t lane);

    std::vector<std::unique_ptr<HttpClient>> clients_;
    const int expected_;
    MakeRequest make_request_;
    Measurement& measurement_;
    std::size_t open_ = 0;
};

}  // namespace bench
