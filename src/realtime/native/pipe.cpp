#include "realtime/native/pipe.hpp"

namespace ping::realtime::native {

void Pipe::start_write(const std::string& bytes, std::unique_ptr<WriteHandler> handler) {
    write_handler_ = std::move(handler);
    write_size_ = bytes.size();
    write_number_ = outbox_.put_control(Frame::control(bytes));
    if (outbox_.has_failed()) {
        abort();
    }
}

void Pipe::on_progress() {
    if (!write_handler_) {
        return;
    }
    if (outbox_.has_failed()) {
        abort();
    } else if (outbox_.controls_written() >= write_number_) {
        complete({});
    }
}

void Pipe::abort() {
    if (write_handler_) {
        complete(boost::asio::error::operation_aborted);
    }
}

void Pipe::complete(boost::system::error_code error) {
    // Posted, never called from within a flush: the handler may write again or end the connection.
    const std::size_t size = error ? 0 : write_size_;
    boost::asio::post(get_executor(),
                      [handler = std::move(write_handler_), error, size] { handler->complete(error, size); });
}

}  // namespace ping::realtime::native
