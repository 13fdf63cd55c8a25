#pragma once

#include "http/read_buffer.hpp"
#include "ping/http/upgrade.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace ping::http {

/// One TCP connection: its bytes and the deadlines of reading and writing. A deadline is a timer of the wheel
/// that cancels the socket's pending operation, so an answer (408) can still be written after it. Not
/// movable; the loop thread only; one reader or writer at a time.
class Connection {
public:
    enum class Outcome {
        done,
        late,  ///< the deadline passed first
        gone,  ///< the peer closed, the network failed, or `cancel` or `close` was called
    };
    struct WritePace {
        std::chrono::milliseconds stall;  ///< the longest without progress
        std::size_t rate;                 ///< bytes a second that must leave on the whole, after `stall`
    };

    Connection(Loop& loop, Socket socket);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Reads at most `size` bytes into the buffer.
    Task<Outcome> read_some(std::size_t size, SteadyTime deadline);
    /// Writes `head`, then `body`. Both must outlive the call.
    Task<Outcome> write(std::string_view head, std::string_view body, WritePace pace);
    /// Says that nothing more comes and waits, for a bounded time and amount, for the peer to do the same:
    /// closing with unread bytes would reset the connection and may destroy the answer on its way.
    Task<> close_gently();

    /// Calls `gone`, at most once, when the peer closes or the connection fails while nothing else is done
    /// with it. Bytes that come meanwhile stay unread, and end the watch.
    void watch(std::function<void()> gone);
    void stop_watching();

    /// Makes a pending operation return `gone`; the connection stays usable.
    void cancel();
    void close();

    ReadBuffer& buffer() { return buffer_; }
    /// Gives the socket away. No operation may be pending.
    Socket release() { return std::move(socket_); }

private:
    /// False, and nothing is armed, when the deadline has passed.
    bool arm(SteadyTime deadline);
    Outcome outcome_of(const boost::system::error_code& error);

    Loop& loop_;
    Socket socket_;
    ReadBuffer buffer_;
    CallbackTimer deadline_;
    bool is_late_ = false;
    std::shared_ptr<const std::function<void()>> watch_;
};

}  // namespace ping::http
