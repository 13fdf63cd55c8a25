#include "ws_client.hpp"

#include "ws_frame.hpp"

#include <stdexcept>

namespace bench {
namespace {

// The example of RFC 6455 §1.3.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view accepted = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string close_text(std::string_view payload) {
    if (payload.size() < 2) {
        return "the server closed a socket without a reason";
    }
    const int code = static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
    return "the server closed a socket: " + std::to_string(code) + " " + std::string(payload.substr(2));
}

}  // namespace

void WsClient::connect(const boost::asio::ip::tcp::endpoint& server, std::string_view path,
                       std::string_view headers) {
    handshake_.append("GET ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1:");
    handshake_.append(std::to_string(server.port()))
        .append("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
    handshake_.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ").append(key).append("\r\n");
    handshake_.append(headers).append("\r\n");
    link_.connect(server);
}

void WsClient::send(std::string_view text) {
    link_.send(client_frame(Opcode::text, text));
}

std::size_t WsClient::take_handshake(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return 0;
    }
    const auto head = bytes.substr(0, end + 2);
    if (!head.starts_with("HTTP/1.1 101 ") || head.find(accepted) == std::string_view::npos) {
        throw std::runtime_error("the server refused a WebSocket: " + std::string(head));
    }
    is_open_ = true;
    std::string().swap(handshake_);
    user_.on_open();
    return end + 4;
}

std::size_t WsClient::on_bytes(std::string_view bytes) {
    std::size_t used = is_open_ ? 0 : take_handshake(bytes);
    while (is_open_) {
        const auto frame = read_server_frame(bytes.substr(used));
        if (!frame) {
            break;
        }
        if (frame->opcode == Opcode::text) {
            user_.on_text(frame->payload);
        } else if (frame->opcode == Opcode::ping) {
            link_.send(client_frame(Opcode::pong, frame->payload));
        } else if (frame->opcode != Opcode::pong) {
            throw std::runtime_error(close_text(frame->payload));
        }
        used += frame->size;
    }
    return used;
}

}  // namespace bench
