#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// What a link tells whoever uses it.
class LinkUser {
public:
    virtual void on_connected() = 0;
    /// `bytes`: all that have come and were not used. Returns how many of them are used now.
    virtual std::size_t on_bytes(std::string_view bytes) = 0;

protected:
    ~LinkUser() = default;
};

/// One TCP connection to the server under load. Nothing may go wrong with it: a load that lost a connection
/// measures nothing, so every failure is an exception that leaves io_context::run.
class Link {
public:
    Link(boost::asio::io_context& context, LinkUser& user) : user_(user), socket_(context) {}

    void connect(const boost::asio::ip::tcp::endpoint& server);
    /// Sends at once what the kernel takes, the rest when it can.
    void send(std::string_view bytes);

private:
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    void read();
    void take(std::size_t size);
    void write_rest();

    /// A whole round of a fan-out (16 messages of 600 bytes) fits. Memory that no byte has reached is not
    /// used.
    static constexpr std::size_t capacity = 64 * 1024;

    LinkUser& user_;
    Socket socket_;
    std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(capacity);
    std::size_t begin_ = 0;  ///< of what was not used yet
    std::size_t end_ = 0;
    std::string unsent_;
    bool is_writing_ = false;
};

}  // namespace bench
