#include "support/ws_client.hpp"

#include "support/event_description.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>
#include <utility>

namespace ping::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

constexpr std::chrono::seconds patience{10};

}  // namespace

struct WsClient::Impl {
    asio::io_context context;
    websocket::stream<beast::tcp_stream> stream{context};
    beast::flat_buffer buffer;
    std::optional<NativeTranscript> transcript;  ///< nothing on other sockets than the native one

    /// Reads one message with a time-out; the error is set when the connection is over.
    std::string read(boost::system::error_code& error) {
        std::optional<boost::system::error_code> outcome;
        beast::get_lowest_layer(stream).expires_after(patience);
        stream.async_read(buffer, [&](boost::system::error_code failure, std::size_t) { outcome = failure; });
        while (!outcome) {
            context.restart();
            context.run_one();
        }
        error = *outcome;
        if (error == beast::error::timeout) {
            throw std::runtime_error("nothing came within 10 s");
        }
        const auto text = beast::buffers_to_string(buffer.data());
        buffer.consume(buffer.size());
        if (transcript && error == websocket::error::closed) {
            transcript->closed(stream.reason().code);
        } else if (transcript && !error) {
            transcript->received(text);
        }
        return text;
    }
};

WsClient::WsClient(const std::string& address, const std::map<std::string, std::string>& headers,
                   const std::string& path)
    : impl_(std::make_unique<Impl>()) {
    const auto colon = address.rfind(':');
    auto& socket = beast::get_lowest_layer(impl_->stream).socket();
    socket.connect({asio::ip::make_address(address.substr(0, colon)),
                    static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))});
    socket.set_option(asio::ip::tcp::no_delay(true));  // as clients do: else a long message waits for an ACK
    impl_->stream.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
        for (const auto& [name, value] : headers) {
            request.set(name, value);
        }
    }));
    impl_->stream.handshake(address, path);
    impl_->stream.auto_fragment(false);  // a message is one frame, as browsers send it
    if (path == native_path) {
        impl_->transcript.emplace();
    }
}

WsClient::~WsClient() = default;
WsClient::WsClient(WsClient&&) noexcept = default;

void WsClient::send_text(const std::string& text) {
    if (impl_->transcript) {
        impl_->transcript->sent(text);
    }
    impl_->stream.text(true);
    impl_->stream.write(asio::buffer(text));
}

void WsClient::send_binary(const std::string& bytes) {
    impl_->stream.binary(true);
    impl_->stream.write(asio::buffer(bytes));
}

void WsClient::send_raw(const std::string& bytes) {
    asio::write(beast::get_lowest_layer(impl_->stream).socket(), asio::buffer(bytes));
}

void WsClient::send(const std::string& event, const boost::json::value& data,
                    std::optional<std::int64_t> ack) {
    boost::json::object frame{{"event", event}, {"data", data}};
    if (ack) {
        frame["ack"] = *ack;
    }
    send_text(boost::json::serialize(frame));
}

std::string WsClient::receive_text() {
    boost::system::error_code error;
    const auto text = impl_->read(error);
    if (error) {
        throw std::runtime_error("the connection ended: " + error.message());
    }
    return text;
}

boost::json::value WsClient::receive() {
    return boost::json::parse(receive_text());
}

boost::json::value WsClient::next(const std::string& event) {
    while (true) {
        const auto frame = receive();
        const auto* const name = frame.as_object().if_contains("event");
        if (name != nullptr && name->as_string() == event) {
            return frame.at("data");
        }
    }
}

boost::json::value WsClient::acknowledgement(std::int64_t ack) {
    while (true) {
        const auto frame = receive();
        const auto* const number = frame.as_object().if_contains("ack");
        if (number != nullptr && number->to_number<std::int64_t>() == ack) {
            return frame;
        }
    }
}

boost::json::value WsClient::log_in(const std::string& token) {
    const boost::json::value data{{"token", token}};
    send("auth", data);
    return next("hello");
}

WsClient::Ending WsClient::read_to_end() {
    boost::system::error_code error;
    Ending ending;
    auto text = impl_->read(error);
    while (!error) {
        ++ending.messages;
        ending.last = std::exchange(text, impl_->read(error));
    }
    ending.close_code = error == websocket::error::closed ? impl_->stream.reason().code : 0;
    return ending;
}

void WsClient::cut() {
    beast::get_lowest_layer(impl_->stream).socket().close();
}

void WsClient::close(std::uint16_t code) {
    impl_->stream.close(websocket::close_reason(code));
}

int WsClient::native_handle() {
    return beast::get_lowest_layer(impl_->stream).socket().native_handle();
}

}  // namespace ping::test
