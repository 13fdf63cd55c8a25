#pragma once

#include "http/context.hpp"
#include "ping/runtime/async_event.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <memory>

namespace ping::http {

/// One listening address: accepts, applies the connection limits, starts sessions. Loop thread.
class Listener {
public:
    explicit Listener(std::shared_ptr<Context> context);

    /// Binds and listens; says why it cannot.
    Result<void> open(const boost::asio::ip::tcp::endpoint& endpoint);
    /// Accepts until `close`. Its callable keeps the listener alive.
    Task<> run();
    void close();
    /// The bound address.
    const boost::asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }

private:
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

    void admit(Socket socket);
    void report(const boost::system::error_code& error);

    std::shared_ptr<Context> context_;
    Acceptor acceptor_;
    boost::asio::ip::tcp::endpoint endpoint_;
    AsyncEvent closed_;
    SteadyTime last_report_{};
};

}  // namespace ping::http
