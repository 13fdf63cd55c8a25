#pragma once

#include "ping/realtime/native/gateway.hpp"
#include "support/fake_clock.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace ping::test {

/// A frame as the server sent it.
struct WireFrame {
    std::uint8_t first = 0;  ///< FIN, RSV and opcode
    std::string payload;

    bool is_close() const { return first == 0x88; }
    /// Of a close frame; 0: it has none.
    unsigned code() const {
        return payload.size() < 2
                   ? 0
                   : static_cast<std::uint8_t>(payload[0]) * 256U + static_cast<std::uint8_t>(payload[1]);
    }
    boost::json::value json() const { return boost::json::parse(payload); }
};

/// A client's frame, masked with zeros: its payload stands in it as it is.
inline std::string client_frame(unsigned first, std::string_view payload) {
    std::string bytes(1, static_cast<char>(first));
    if (payload.size() < 126) {
        bytes += static_cast<char>(0x80U | payload.size());
    } else {
        bytes += {static_cast<char>(0xFE), static_cast<char>(payload.size() >> 8U),
                  static_cast<char>(payload.size())};
    }
    return bytes.append(4, '\0').append(payload);
}
inline std::string client_text(std::string_view text) {
    return client_frame(0x81, text);
}
inline std::string client_close(unsigned code) {
    return client_frame(0x88, std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)});
}

/// The other end of a session, on the same thread: nothing here waits.
class NativeClient {
public:
    explicit NativeClient(http::Socket socket) : socket_(std::move(socket)) { socket_.non_blocking(true); }

    /// What the kernel takes of it.
    std::size_t send(std::string_view bytes) {
        boost::system::error_code error;
        return socket_.send(boost::asio::buffer(bytes), 0, error);
    }
    /// Reads what is there, at most so many bytes.
    void read(std::size_t most = 16 << 20) {
        std::string part(std::min<std::size_t>(most, 1 << 20), '\0');
        boost::system::error_code error;
        while (!error && most > 0) {
            const auto size = socket_.read_some(boost::asio::buffer(part, most), error);
            received_.append(part, 0, size);
            total_ += size;
            most -= size;
        }
        is_ended_ = is_ended_ || (error && error != boost::asio::error::would_block);
        take_frames();
    }
    /// What `read` has seen so far, in order.
    std::vector<WireFrame>& frames() { return frames_; }
    const std::string& handshake() const { return handshake_; }
    bool is_ended() const { return is_ended_; }
    /// Bytes that `read` has taken so far.
    std::size_t total() const { return total_; }
    void end() { socket_.close(); }
    /// Ends so that the server's next write fails.
    void reset() {
        const linger hard{1, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        socket_.close();
    }

private:
    void take_frames() {
        if (handshake_.empty()) {
            const auto end = received_.find("\r\n\r\n");
            if (end == std::string::npos) {
                return;
            }
            handshake_ = received_.substr(0, end + 4);
            received_.erase(0, end + 4);
        }
        std::size_t at = 0;
        while (received_.size() - at >= 2) {
            std::size_t head = 2;
            std::size_t size = static_cast<std::uint8_t>(received_[at + 1]);
            const std::size_t extended = size == 127 ? 8 : size == 126 ? 2 : 0;
            if (received_.size() - at < head + extended) {
                break;
            }
            if (extended > 0) {
                size = 0;
                for (std::size_t i = 0; i < extended; ++i) {
                    size = size << 8U | static_cast<std::uint8_t>(received_[at + head + i]);
                }
                head += extended;
            }
            if (received_.size() - at < head + size) {
                break;
            }
            frames_.push_back({static_cast<std::uint8_t>(received_[at]), received_.substr(at + head, size)});
            at += head + size;
        }
        received_.erase(0, at);
    }

    http::Socket socket_;
    std::string received_;
    std::size_t total_ = 0;
    std::string handshake_;
    std::vector<WireFrame> frames_;
    bool is_ended_ = false;
};

/// Buffers of the kernel, in bytes; 0: its choice.
struct Buffers {
    int server_send = 0;
    int client_receive = 0;
};

/// The native gateway over loopback, turn by turn on the test's thread, without HTTP server and database. The
/// token is the user: `ana`.
struct NativeFixture {
    explicit NativeFixture(const std::function<void(Config::Limits&)>& change = {},
                           std::size_t total_bytes = 256 << 20)
        : flusher(loop, total_bytes), gateway(services(change), metrics) {}
    ~NativeFixture() {
        gateway.close_all(realtime::CloseReason::going_away);
        tasks.spawn("drain", [this] { return gateway.drain(std::chrono::milliseconds(0)); });
        until([this] {
            advance(std::chrono::milliseconds(100));  // its deadlines go by the clock that stands still
            return gateway.size() == 0 && tasks.size() == 0;
        });
    }
    NativeFixture(const NativeFixture&) = delete;
    NativeFixture& operator=(const NativeFixture&) = delete;

    static UserId user(std::string_view token) {
        IdBytes bytes{};
        std::copy_n(token.begin(), std::min(token.size(), bytes.size()), bytes.begin());
        return UserId(bytes);
    }

    /// A client that has sent its handshake.
    NativeClient connect(std::string_view token, const std::string& headers, Buffers buffers) {
        using Tcp = boost::asio::ip::tcp;
        boost::asio::basic_socket_acceptor<Tcp, Executor> acceptor(
            loop.context(), Tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
        http::Socket ours(loop.context());
        http::Socket theirs(loop.context());
        theirs.open(Tcp::v4());
        if (buffers.client_receive > 0) {
            // Loopback's segments are larger than a small window, and the sender would wait for its timer.
            const int segment = 1400;
            ::setsockopt(theirs.native_handle(), IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
            theirs.set_option(boost::asio::socket_base::receive_buffer_size(buffers.client_receive));
        }
        theirs.connect(acceptor.local_endpoint());
        acceptor.accept(ours);
        if (buffers.server_send > 0) {
            ours.set_option(boost::asio::socket_base::send_buffer_size(buffers.server_send));
        }
        ours.non_blocking(true);
        http::Request request;
        request.headers.emplace_back("Authorization", "Bearer " + std::string(token));
        const std::string head =
            "GET /api/v1/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
            headers + "\r\n";
        auto upgrade = std::make_shared<http::Upgrade>(std::move(ours), std::move(request), head, nullptr);
        tasks.spawn("accept", [this, upgrade] { return gateway.accept(std::move(*upgrade)); });
        return NativeClient(std::move(theirs));
    }
    /// A client that has read its `hello`.
    NativeClient log_in(std::string_view token, Buffers buffers = Buffers()) {
        auto client = connect(token, "", buffers);
        until([&] {
            client.read();
            return !client.frames().empty();
        });
        REQUIRE(client.frames().front().json().at("event") == "hello");
        client.frames().clear();
        return client;
    }

    /// One turn of the loop and its end.
    void turn() {
        loop.post([this] { loop.stop(); });
        loop.run();
    }
    /// Turns so often that whatever the kernel has to say has been heard.
    void settle() {
        for (int i = 0; i < 50; ++i) {
            turn();
        }
    }
    /// Turns until it is so, for 10 s of real time at most; says whether it is.
    bool until(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
            turn();
        }
        return true;
    }
    /// Lets the client read so many bytes.
    bool drink(NativeClient& client, std::size_t bytes) {
        const auto goal = client.total() + bytes;
        return until([&] {
            client.read(goal - client.total());
            return client.total() >= goal;
        });
    }
    /// Turns until the client has read a close frame; that frame.
    WireFrame wait_for_close(NativeClient& client) {
        const bool has_come = until([&] {
            client.read();
            return !client.frames().empty() && client.frames().back().is_close();
        });
        REQUIRE(has_come);
        return client.frames().back();
    }
    bool wait_for_end(NativeClient& client) {
        return until([&] {
            client.read();
            return client.is_ended();
        });
    }
    void advance(std::chrono::milliseconds by) {
        clock.advance(by);
        loop.timers().advance();
        turn();
    }
    void deliver(std::string_view token, const boost::json::value& data) {
        const std::vector<UserId> recipients{user(token)};
        hub.deliver(recipients, "newMessage", data);
    }

    FakeClock clock;
    Loop loop{clock};
    Metrics metrics;
    realtime::Hub hub{0, metrics};
    realtime::EventRouter events;
    TaskGroup tasks{loop};
    realtime::OutboxFlusher flusher;
    Time expires_at = Time::max();
    realtime::native::Gateway gateway;

private:
    realtime::native::Services services(const std::function<void(Config::Limits&)>& change) {
        Config::Limits limits;
        if (change) {
            change(limits);
        }
        return {loop,    hub,           events,
                flusher, tasks,         [this](std::string token) { return check(token); },
                limits,  "ping_session"};
    }
    Task<Result<Identity>> check(std::string token) {
        if (token.empty()) {
            co_return errors::unauthenticated("no token", "no_token");
        }
        Identity identity{user(token), SessionId(), expires_at};
        co_return identity;
    }
};

}  // namespace ping::test
