#include "realtime/pipe.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace ping::realtime {
namespace {

// Dropped at a time while waiting for the peer's end.
constexpr std::size_t dropped_per_read = 64 * 1024;
constexpr std::uint8_t close_frame = 0x88;
constexpr std::size_t close_frame_with_code = 4;
// Codes from here on mean nothing to anybody (RFC 6455 §7.4.2); Beast echoes them.
constexpr unsigned first_undefined_code = 5000;
constexpr unsigned protocol_error = 1002;

/// Who closes with an undefined code is told that it was one.
void correct_close_code(std::string& frame) {
    if (frame.size() < close_frame_with_code) {
        return;
    }
    const unsigned code = static_cast<std::uint8_t>(frame[2]) * 256U + static_cast<std::uint8_t>(frame[3]);
    if (code >= first_undefined_code) {
        frame[2] = static_cast<char>(protocol_error >> 8U);
        frame[3] = static_cast<char>(protocol_error & 0xFFU);
    }
}

bool is_close_frame(const std::string& bytes) {
    return !bytes.empty() && static_cast<std::uint8_t>(bytes.front()) == close_frame;
}

}  // namespace

std::size_t Pipe::take_preloaded(boost::asio::mutable_buffer into) {
    const std::size_t size = boost::asio::buffer_copy(into, boost::asio::buffer(preloaded_));
    preloaded_.erase(0, size);
    if (preloaded_.empty()) {
        preloaded_ = std::string();
    }
    receive(std::string_view(static_cast<const char*>(into.data()), size));
    return size;
}

void Pipe::receive(std::string_view bytes) {
    read_allowance_ -= std::min(read_allowance_, bytes.size());
    watch_.feed(bytes, clock_.steady_now());
    owner_.on_received();
}

void Pipe::park_read(std::unique_ptr<IoHandler> handler) {
    parked_read_ = std::move(handler);
    if (is_over_) {
        abort();
    }
}

void Pipe::start_write(std::string bytes, std::unique_ptr<IoHandler> handler) {
    const bool is_close = is_close_frame(bytes);
    if (is_close) {
        correct_close_code(bytes);
    }
    write_handler_ = std::move(handler);
    if (is_over_) {
        abort();
        return;
    }
    write_size_ = bytes.size();
    const auto put = outbox_.put(Frame::control(bytes));
    write_number_ = outbox_.controls_taken();
    if (put != Outbox::Put::queued) {
        on_progress();  // nothing is queued, so no flush may come: what counts may have left already
    } else if (is_close) {
        owner_.on_close_queued();
    }
}

void Pipe::start_end(std::unique_ptr<IoHandler> handler) {
    end_handler_ = std::move(handler);
    if (is_over_) {
        abort();
        return;
    }
    boost::system::error_code error;
    socket_.shutdown(http::Socket::shutdown_send, error);
    if (error) {
        complete(end_handler_, error);
    } else {
        wait_for_end();
    }
}

void Pipe::wait_for_end() {
    socket_.async_wait(
        http::Socket::wait_read, [this, alive = owner_.keep_alive()](boost::system::error_code error) {
            if (!end_handler_ || error) {
                complete(end_handler_, error);
                return;
            }
            // The kernel drops them without a copy (tcp(7), MSG_TRUNC).
            const auto size =
                ::recv(socket_.native_handle(), nullptr, dropped_per_read, MSG_TRUNC | MSG_DONTWAIT);
            if (size > 0) {
                read_allowance_ -= std::min(read_allowance_, static_cast<std::size_t>(size));
            }
            const bool is_over = size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
            if (is_over) {
                complete(end_handler_, {});
            } else if (read_allowance_ > 0) {
                wait_for_end();
            }
        });
}

void Pipe::on_progress() {
    if (!write_handler_) {
        return;
    }
    if (outbox_.has_failed()) {
        complete(write_handler_, boost::asio::error::operation_aborted);
    } else if (outbox_.controls_written() >= write_number_) {
        complete(write_handler_, {}, write_size_);
    }
}

void Pipe::abort() {
    is_over_ = true;
    complete(parked_read_, boost::asio::error::operation_aborted);
    complete(write_handler_, boost::asio::error::operation_aborted);
    complete(end_handler_, boost::asio::error::operation_aborted);
}

void Pipe::complete(std::unique_ptr<IoHandler>& handler, boost::system::error_code error, std::size_t size) {
    if (!handler) {
        return;
    }
    // Posted, never called from within a flush: the handler may write again or end the connection.
    boost::asio::post(get_executor(),
                      [handler = std::move(handler), error, size] { handler->complete(error, size); });
}

}  // namespace ping::realtime
