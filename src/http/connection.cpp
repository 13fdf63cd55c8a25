#include "http/connection.hpp"

#include <algorithm>
#include <array>
#include <sys/socket.h>

namespace ping::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// How long and how much a refused sender may go on sending: a browser in the middle of an upload must get to
// read why it was refused.
constexpr std::chrono::milliseconds linger_time{2000};
constexpr std::size_t linger_bytes = 8 * 1024 * 1024;
constexpr std::size_t linger_read = 4096;

}  // namespace

Connection::Connection(Loop& loop, Socket socket)
    : loop_(loop), socket_(std::move(socket)), deadline_([this] {
          is_late_ = true;
          cancel();
      }) {}

bool Connection::arm(SteadyTime deadline) {
    is_late_ = false;
    const auto left = deadline - loop_.clock().steady_now();
    if (left <= left.zero()) {
        // Not by the wheel: who sends a byte more often than it ticks would never meet it.
        return false;
    }
    loop_.timers().arm(deadline_, std::chrono::ceil<std::chrono::milliseconds>(left));
    return true;
}

Connection::Outcome Connection::outcome_of(const error_code& error) {
    deadline_.disarm();
    if (is_late_) {
        return Outcome::late;
    }
    return error ? Outcome::gone : Outcome::done;
}

Task<Connection::Outcome> Connection::read_some(std::size_t size, SteadyTime deadline) {
    if (!arm(deadline)) {
        co_return Outcome::late;
    }
    const auto room = buffer_.prepare(size);
    const auto [error, count] = co_await socket_.async_read_some(room, use_task);
    buffer_.commit(count);
    co_return outcome_of(error);
}

Task<Connection::Outcome> Connection::write(std::string_view head, std::string_view body, WritePace pace) {
    const auto start = loop_.clock().steady_now();
    std::size_t sent = 0;
    const std::size_t total = head.size() + body.size();
    while (sent < total) {
        const auto from_head = head.substr(std::min(sent, head.size()));
        const auto from_body = body.substr(sent - std::min(sent, head.size()));
        const std::array<asio::const_buffer, 2> rest{asio::buffer(from_head), asio::buffer(from_body)};
        const std::chrono::seconds due_for_bytes(sent / std::max<std::size_t>(pace.rate, 1));
        if (!arm(std::min(loop_.clock().steady_now(), start + due_for_bytes) + pace.stall)) {
            co_return Outcome::late;
        }
        const auto [error, count] = co_await socket_.async_write_some(rest, use_task);
        sent += count;
        const auto outcome = outcome_of(error);
        if (outcome != Outcome::done) {
            co_return outcome;
        }
    }
    co_return Outcome::done;
}

Task<> Connection::close_gently() {
    error_code ignored;  // the peer may be gone already
    socket_.shutdown(Socket::shutdown_send, ignored);
    const auto deadline = loop_.clock().steady_now() + linger_time;
    std::array<char, linger_read> scrap{};
    const auto room = asio::buffer(scrap);
    for (std::size_t drained = 0; drained < linger_bytes && arm(deadline);) {
        const auto [error, count] = co_await socket_.async_read_some(room, use_task);
        drained += count;
        if (outcome_of(error) != Outcome::done) {
            break;
        }
    }
    close();
}

void Connection::watch(std::function<void()> gone) {
    watch_ = std::make_shared<const std::function<void()>>(std::move(gone));
    const auto on_readable = [this, watch = std::weak_ptr(watch_)](const error_code& error) {
        const auto call = watch.lock();
        if (call == nullptr) {
            return;
        }
        std::array<char, 1> byte{};
        const auto peeked =
            error ? -1 : ::recv(socket_.native_handle(), byte.data(), byte.size(), MSG_PEEK | MSG_DONTWAIT);
        if (peeked <= 0) {
            (*call)();
        }
    };
    socket_.async_wait(Socket::wait_read, on_readable);
}

void Connection::stop_watching() {
    watch_.reset();
    cancel();
}

void Connection::cancel() {
    error_code ignored;  // fails only on a closed socket, which has nothing pending
    socket_.cancel(ignored);
}

void Connection::close() {
    error_code ignored;  // the descriptor is free whatever close says
    socket_.close(ignored);
}

}  // namespace ping::http
