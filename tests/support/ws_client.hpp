#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ping::test {

/// A blocking client of the native WebSocket (API.md §5). Reading waits at most 10 s of real time, then
/// throws std::runtime_error. What comes is checked against config/api/asyncapi.json: what that does not
/// describe is thrown as Undescribed. On another path it is a plain WebSocket.
class WsClient {
public:
    static constexpr auto native_path = "/api/v1/ws";

    /// Connects and does the handshake. `headers` are sent with it.
    explicit WsClient(const std::string& address, const std::map<std::string, std::string>& headers = {},
                      const std::string& path = native_path);
    ~WsClient();
    WsClient(WsClient&&) noexcept;

    void send_text(const std::string& text);
    void send_binary(const std::string& bytes);
    /// Writes bytes below the WebSocket layer.
    void send_raw(const std::string& bytes);
    void send(const std::string& event, const boost::json::value& data, std::optional<std::int64_t> ack = {});
    /// The next whole message as it is.
    std::string receive_text();
    /// The next whole frame as JSON.
    boost::json::value receive();
    /// Skips frames until one with this event comes; returns its data.
    boost::json::value next(const std::string& event);
    /// Skips frames until the answer to this acknowledgement comes.
    boost::json::value acknowledgement(std::int64_t ack);
    /// `auth` with the token and the wait for `hello`.
    boost::json::value log_in(const std::string& token);
    /// Reads until the server closes; the close code (0: without a close frame).
    int wait_for_close() { return read_to_end().close_code; }
    /// The same, with the number of messages that came before, and the last of them.
    struct Ending {
        int close_code = 0;
        int messages = 0;
        std::string last{};
    };
    Ending read_to_end();
    /// Ends without a closing handshake.
    void cut();
    /// Sends a close frame and waits for the server's.
    void close(std::uint16_t code = 1000);
    int native_handle();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::test
