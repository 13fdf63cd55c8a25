#pragma once

#include "ping/realtime/socketio/gateway.hpp"
#include "ping/runtime/async_event.hpp"
#include "realtime/socketio/reconnects.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ping::realtime::socketio {

/// A Socket.IO client that has not said who it is, or did: finds its identity, in the order of API.md §6.
class Visitor final : public ClientListener {
public:
    Visitor(Gateway& gateway, const http::Request& handshake);

    void on_upgraded(const http::Request& handshake) override;
    Task<Result<std::shared_ptr<SocketListener>>> on_connect(std::shared_ptr<Socket> socket,
                                                             std::string auth) override;
    void on_closed() override;

private:
    Task<Result<Identity>> identify(std::string auth);
    Task<Result<Identity>> trust_query();
    void read_cookie(const http::Request& handshake);

    Gateway& gateway_;
    Services& services_;
    std::optional<std::string> bearer_;
    std::string cookie_;                ///< its token; only from a WebSocket's handshake of an allowed origin
    std::optional<std::string> query_;  ///< whom the query names
    std::size_t fingerprint_;
    bool is_polling_;
    bool is_over_ = false;
    AsyncEvent changed_;
};

}  // namespace ping::realtime::socketio
