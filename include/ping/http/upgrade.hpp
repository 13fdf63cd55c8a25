#pragma once

#include "ping/http/request.hpp"
#include "ping/runtime/task.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ping::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

/// A connection's place in the limits per address and of all: given back when destroyed.
using ConnectionSlot = std::shared_ptr<void>;

/// A WebSocket handshake that the HTTP server has read and checked: a GET with `Upgrade: websocket` on a
/// known path whose Origin is absent or allowed (`request.origin` says which).
struct Upgrade {
    Upgrade(Socket socket_in, Request request_in, std::string received_in, ConnectionSlot slot_in)
        : socket(std::move(socket_in)),
          request(std::move(request_in)),
          received(std::move(received_in)),
          slot(std::move(slot_in)) {}

    Socket socket;
    Request request;
    std::string received;  ///< the raw bytes: the request's head and whatever came behind it
    ConnectionSlot slot;   ///< keep it as long as the socket
};

/// Takes over a connection. Spawned in the server's task group; returns when the handshake is over. From then
/// on the connection lives by itself and its owner answers for its end.
using UpgradeHandler = std::function<Task<>(Upgrade)>;

}  // namespace ping::http
