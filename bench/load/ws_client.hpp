#pragma once

#include "link.hpp"

#include <string>
#include <string_view>

namespace bench {

class WsUser {
public:
    virtual void on_open() = 0;
    virtual void on_text(std::string_view text) = 0;

protected:
    ~WsUser() = default;
};

/// A WebSocket client just good enough for a load: no fragments, no extensions. Answers pings. A close frame
/// is an exception, as every other end of a connection is.
class WsClient final : private LinkUser {
public:
    WsClient(boost::asio::io_context& context, WsUser& user) : user_(user), link_(context, *this) {}

    /// `headers`: extra lines of the handshake, each with its line end.
    void connect(const boost::asio::ip::tcp::endpoint& server, std::string_view path,
                 std::string_view headers);
    void send(std::string_view text);

private:
    void on_connected() override { link_.send(handshake_); }
    std::size_t on_bytes(std::string_view bytes) override;
    std::size_t take_handshake(std::string_view bytes);

    WsUser& user_;
    Link link_;
    std::string handshake_;
    bool is_open_ = false;
};

}  // namespace bench
