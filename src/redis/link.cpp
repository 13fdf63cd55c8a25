#include "redis/link.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include <utility>

namespace ping::redis {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// RFC 6066 §3: an address is not to be sent as a server's name.
bool is_address(const std::string& host) {
    error_code is_name;
    asio::ip::make_address(host, is_name);
    return !is_name;
}

}  // namespace

Link::Link(Loop& loop, const Options& options, asio::ssl::context* tls)
    : options_(options), socket_(loop.context()) {
    if (tls != nullptr) {
        tls_.emplace(socket_, *tls);
    }
}

Task<error_code> Link::open(Endpoints endpoints) {
    const auto [not_connected, endpoint] = co_await asio::async_connect(socket_, endpoints, use_task);
    if (not_connected) {
        co_return not_connected;
    }
    error_code ignored;  // a little slower without it
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!tls_) {
        co_return error_code();
    }
    error_code error;
    if (!is_address(options_.host)) {
        // What the macro SSL_set_tlsext_host_name does, with its C cast spelled out: the name is copied.
        SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(options_.host.c_str()));
    }
    tls_->set_verify_callback(asio::ssl::host_name_verification(options_.host), error);
    if (!error) {
        const auto [refused] = co_await tls_->async_handshake(asio::ssl::stream_base::client, use_task);
        error = refused;
    }
    co_return error;
}

Task<std::size_t> Link::read_some(std::span<char> buffer, error_code& error) {
    const auto target = asio::buffer(buffer.data(), buffer.size());
    if (tls_) {
        const auto [failure, size] = co_await tls_->async_read_some(target, use_task);
        error = failure;
        co_return size;
    }
    const auto [failure, size] = co_await socket_.async_read_some(target, use_task);
    error = failure;
    co_return size;
}

void Link::write(std::string bytes, std::function<void(const error_code&)> done) {
    is_writing_ = true;
    writing_ = std::move(bytes);
    // The link and the bytes live until the socket has let go of them.
    auto finish = [self = shared_from_this(), then = std::move(done)](const error_code& error, std::size_t) {
        self->is_writing_ = false;
        then(error);
    };
    if (tls_) {
        asio::async_write(*tls_, asio::buffer(writing_), std::move(finish));
    } else {
        asio::async_write(socket_, asio::buffer(writing_), std::move(finish));
    }
}

void Link::close() {
    error_code ignored;  // it is closed all the same
    socket_.close(ignored);
}

}  // namespace ping::redis
