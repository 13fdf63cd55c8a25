#pragma once

#include "ping/realtime/outbox.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace ping::realtime::native {

/// A completion handler of unknown type. (Asio 1.26's any_completion_handler wraps itself without end when
/// moved.)
class WriteHandler {
public:
    virtual ~WriteHandler() = default;
    virtual void complete(boost::system::error_code error, std::size_t size) = 0;
};

template <class Handler>
class WriteHandlerOf final : public WriteHandler {
public:
    explicit WriteHandlerOf(Handler handler) : handler_(std::move(handler)) {}
    void complete(boost::system::error_code error, std::size_t size) override {
        std::move(handler_)(error, size);
    }

private:
    Handler handler_;
};

/// The layer below Beast's WebSocket stream. Reading goes straight to the socket. What Beast itself writes
/// (the 101 answer, pongs, close frames) becomes one frame in the connection's outbox, so that it never
/// splits or overtakes the shared frames, and counts as written only when it has left: that throttles ping
/// floods and makes Beast's teardown wait for the close frame (SPEED.md, rules 6 and 7). Beast has at most
/// one write under way.
class Pipe {
public:
    using executor_type = Executor;

    Pipe(http::Socket socket, OutboxFlusher& flusher, OutboxBounds bounds, OutboxOwner& owner)
        : socket_(std::move(socket)), outbox_(flusher, socket_, bounds, owner) {}

    executor_type get_executor() noexcept { return socket_.get_executor(); }
    http::Socket& socket() { return socket_; }
    Outbox& outbox() { return outbox_; }

    /// Bytes that came behind the handshake's head: they are read before the socket.
    void preload(std::string bytes) { preloaded_ = std::move(bytes); }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        const auto start = [this](auto handler, const Buffers& into) {
            if (preloaded_.empty()) {
                socket_.async_read_some(into, std::move(handler));
                return;
            }
            const std::size_t size = boost::asio::buffer_copy(into, boost::asio::buffer(preloaded_));
            preloaded_.erase(0, size);
            boost::asio::post(get_executor(), [handler = std::move(handler), size]() mutable {
                std::move(handler)(boost::system::error_code(), size);
            });
        };
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(start, token,
                                                                                                buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        const auto start = [this](auto handler, const Buffers& bytes) {
            start_write(flatten(bytes),
                        std::make_unique<WriteHandlerOf<decltype(handler)>>(std::move(handler)));
        };
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(start, token,
                                                                                                buffers);
    }

    /// Completes Beast's write when its frame has left or the outbox has failed.
    void on_progress();
    /// Completes Beast's write with an error: the connection is over.
    void abort();

private:
    template <class Buffers>
    static std::string flatten(const Buffers& buffers) {
        std::string bytes(boost::asio::buffer_size(buffers), '\0');
        boost::asio::buffer_copy(boost::asio::buffer(bytes), buffers);
        return bytes;
    }
    void start_write(const std::string& bytes, std::unique_ptr<WriteHandler> handler);
    void complete(boost::system::error_code error);

    http::Socket socket_;
    Outbox outbox_;
    std::string preloaded_;
    std::unique_ptr<WriteHandler> write_handler_;
    std::size_t write_size_ = 0;
    std::uint64_t write_number_ = 0;  ///< of its frame among the outbox's control frames
};

/// Beast's hook for closing the layer below when the stream's own timeouts strike (they are off) or a close
/// fails.
inline void beast_close_socket(Pipe& pipe) {
    boost::system::error_code ignored;  // closing a socket leaves nothing to do on failure
    pipe.socket().close(ignored);
}

/// Beast's hook for ending the layer below after the closing handshake (found by argument-dependent look-up).
template <class Handler>
void async_teardown(boost::beast::role_type role, Pipe& pipe, Handler&& handler) {
    using boost::beast::websocket::async_teardown;
    async_teardown(role, pipe.socket(), std::forward<Handler>(handler));
}

}  // namespace ping::realtime::native
