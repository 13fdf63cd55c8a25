#pragma once

#include "ping/core/error.hpp"
#include "ping/redis/options.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "redis/host_lookup.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ping::redis {

/// One TCP connection, with TLS over it or without. Used once: after an error or `close` another one is made.
/// Loop thread.
class Link : public std::enable_shared_from_this<Link> {
public:
    Link(Loop& loop, const Options& options, boost::asio::ssl::context* tls);

    /// Connects to the first endpoint that answers; with TLS the server's certificate must be trusted and be
    /// for the host of the options.
    Task<boost::system::error_code> open(Endpoints endpoints);
    /// What came: some bytes, or none after an error, which is then told.
    Task<std::size_t> read_some(std::span<char> buffer, boost::system::error_code& error);
    /// Sends all of it. One at a time; `done` is called on the loop, not from within.
    void write(std::string bytes, std::function<void(const boost::system::error_code&)> done);
    bool is_writing() const { return is_writing_; }
    /// Everything that runs ends with an error. Any number of times.
    void close();

private:
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

    const Options& options_;
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> tls_;
    std::string writing_;
    bool is_writing_ = false;
};

}  // namespace ping::redis
