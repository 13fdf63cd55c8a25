#pragma once

#include "ping/realtime/outbox.hpp"
#include "realtime/frame_watch.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ping::realtime {

/// A completion handler of unknown type. (Asio 1.26's any_completion_handler wraps itself without end when
/// moved.)
class IoHandler {
public:
    virtual ~IoHandler() = default;
    virtual void complete(boost::system::error_code error, std::size_t size) = 0;
};

/// Handlers of reads and writes take the size, those of other operations only the error.
enum class Completes { with_size, without_size };

template <class Handler, Completes how>
class IoHandlerOf final : public IoHandler {
public:
    explicit IoHandlerOf(Handler handler) : handler_(std::move(handler)) {}
    void complete(boost::system::error_code error, std::size_t size) override {
        if constexpr (how == Completes::with_size) {
            std::move(handler_)(error, size);
        } else {
            std::move(handler_)(error);
        }
    }

private:
    Handler handler_;
};

/// The connection a pipe belongs to.
class PipeOwner : public OutboxOwner {
public:
    /// Bytes have come, which Beast has not seen yet. Called from within a read: may queue frames and arm
    /// timers, must not read or destroy the pipe.
    virtual void on_received() = 0;
    /// Beast has queued a close frame of its own: the answer to the peer's, or because the peer broke the
    /// protocol. Called from within its write, with the same rule.
    virtual void on_close_queued() = 0;

protected:
    ~PipeOwner() = default;
};

/// The layer below Beast's WebSocket stream.
///
/// Reading goes straight to the socket, past a FrameWatch, and ends where it is told to
/// (`stop_reading_after`).
///
/// What Beast itself writes (the 101 answer, pongs, close frames) becomes one frame in the connection's
/// outbox, so that it never splits or overtakes the shared frames, and counts as written only when it has
/// left: that throttles ping floods and makes Beast's teardown wait for the close frame (SPEED.md, rules 6
/// and 7). After the first close frame, whoever queued it, what Beast still writes is swallowed. Beast has at
/// most one write under way.
class Pipe {
public:
    using executor_type = Executor;

    /// The bounds must outlive the pipe.
    Pipe(http::Socket socket, OutboxFlusher& flusher, const OutboxBounds& bounds, const Clock& clock,
         PipeOwner& owner)
        : socket_(std::move(socket)),
          outbox_(flusher, socket_, bounds, owner),
          clock_(clock),
          owner_(owner) {}

    executor_type get_executor() noexcept { return socket_.get_executor(); }
    http::Socket& socket() { return socket_; }
    Outbox& outbox() { return outbox_; }
    const Outbox& outbox() const { return outbox_; }
    FrameWatch& watch() { return watch_; }
    const FrameWatch& watch() const { return watch_; }

    /// Bytes that came behind the handshake's head: they are read before the socket.
    void preload(std::string bytes) { preloaded_ = std::move(bytes); }
    /// Reads about so many bytes more; the rest stays in the kernel, at the peer's cost.
    void stop_reading_after(std::size_t bytes) { read_allowance_ = bytes; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        const auto start = [this](auto handler, const Buffers& into) {
            if (read_allowance_ == 0) {
                park_read(erase_type<Completes::with_size>(std::move(handler)));
            } else if (!preloaded_.empty()) {
                const std::size_t size = take_preloaded(*boost::asio::buffer_sequence_begin(into));
                boost::asio::post(get_executor(), [handler = std::move(handler), size]() mutable {
                    std::move(handler)(boost::system::error_code(), size);
                });
            } else {
                const boost::asio::mutable_buffer first = *boost::asio::buffer_sequence_begin(into);
                socket_.async_read_some(
                    first, [this, first, handler = std::move(handler)](boost::system::error_code error,
                                                                       std::size_t size) mutable {
                        if (size > 0) {
                            receive(std::string_view(static_cast<const char*>(first.data()), size));
                        }
                        std::move(handler)(error, size);
                    });
            }
        };
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(start, token,
                                                                                                buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        const auto start = [this](auto handler, const Buffers& bytes) {
            start_write(flatten(bytes), erase_type<Completes::with_size>(std::move(handler)));
        };
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(start, token,
                                                                                                buffers);
    }

    /// Says no more and waits for the peer's end, reading nothing but dropping what comes.
    template <class Handler>
    void async_end(Handler&& handler) {
        start_end(erase_type<Completes::without_size>(std::forward<Handler>(handler)));
    }

    /// Completes Beast's write when its frame has left or the outbox has failed.
    void on_progress();
    /// Completes with an error what Beast has under way, and what it still begins: a completion that was
    /// posted before may begin something. The connection is over.
    void abort();

private:
    template <Completes how, class Handler>
    static std::unique_ptr<IoHandler> erase_type(Handler&& handler) {
        return std::make_unique<IoHandlerOf<std::decay_t<Handler>, how>>(std::forward<Handler>(handler));
    }
    template <class Buffers>
    static std::string flatten(const Buffers& buffers) {
        std::string bytes(boost::asio::buffer_size(buffers), '\0');
        boost::asio::buffer_copy(boost::asio::buffer(bytes), buffers);
        return bytes;
    }
    std::size_t take_preloaded(boost::asio::mutable_buffer into);
    void receive(std::string_view bytes);
    void park_read(std::unique_ptr<IoHandler> handler);
    void start_write(std::string bytes, std::unique_ptr<IoHandler> handler);
    void start_end(std::unique_ptr<IoHandler> handler);
    void wait_for_end();
    void complete(std::unique_ptr<IoHandler>& handler, boost::system::error_code error, std::size_t size = 0);

    http::Socket socket_;
    Outbox outbox_;
    const Clock& clock_;
    PipeOwner& owner_;
    FrameWatch watch_;
    std::string preloaded_;
    std::size_t read_allowance_ = std::numeric_limits<std::size_t>::max();
    bool is_over_ = false;
    std::unique_ptr<IoHandler> parked_read_;
    std::unique_ptr<IoHandler> write_handler_;
    std::unique_ptr<IoHandler> end_handler_;
    std::size_t write_size_ = 0;
    std::uint32_t write_number_ = 0;  ///< of its frame among the outbox's control frames
};

/// Beast's hook for closing the layer below when the stream's own timeouts strike (they are off) or a close
/// fails.
inline void beast_close_socket(Pipe& pipe) {
    boost::system::error_code ignored;  // closing a socket leaves nothing to do on failure
    pipe.socket().close(ignored);
}

/// Beast's hook for ending the layer below after the closing handshake (found by argument-dependent look-up).
template <class Handler>
void async_teardown(boost::beast::role_type, Pipe& pipe, Handler&& handler) {
    pipe.async_end(std::forward<Handler>(handler));
}

}  // namespace ping::realtime
