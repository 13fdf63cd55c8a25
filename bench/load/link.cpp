#include "link.hpp"

#include <boost/asio/buffer.hpp>

#include <cstring>
#include <stdexcept>

namespace bench {
namespace {

using boost::system::error_code;

void check(const error_code& error, const char* what) {
    if (error) {
        throw std::runtime_error(std::string("a connection failed to ") + what + ": " + error.message());
    }
}

}  // namespace

void Link::connect(const boost::asio::ip::tcp::endpoint& server) {
    socket_.async_connect(server, [this](const error_code& error) {
        check(error, "connect");
        socket_.set_option(boost::asio::ip::tcp::no_delay(true));
        socket_.non_blocking(true);
        user_.on_connected();
        read();
    });
}

void Link::read() {
    socket_.async_read_some(boost::asio::buffer(buffer_.get() + end_, capacity - end_),
                            [this](const error_code& error, std::size_t size) {
                                check(error, "read");
                                take(size);
                            });
}

void Link::take(std::size_t size) {
    end_ += size;
    begin_ += user_.on_bytes({buffer_.get() + begin_, end_ - begin_});
    if (begin_ == end_) {
        begin_ = end_ = 0;
    } else if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == capacity) {
        throw std::runtime_error("the server sent something larger than the load generator takes");
    }
    read();
}

void Link::send(std::string_view bytes) {
    if (is_writing_) {
        unsent_.append(bytes);
        return;
    }
    error_code error;
    const auto sent = socket_.write_some(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error && error != boost::asio::error::would_block) {
        check(error, "write");
    }
    if (sent < bytes.size()) {
        unsent_.append(bytes.substr(sent));
        write_rest();
    }
}

void Link::write_rest() {
    is_writing_ = true;
    socket_.async_wait(Socket::wait_write, [this](const error_code& error) {
        check(error, "write");
        is_writing_ = false;
        const auto waiting = std::exchange(unsent_, {});
        send(waiting);
    });
}

}  // namespace bench
