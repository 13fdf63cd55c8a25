#pragma once

#include "ping/http/request.hpp"
#include "realtime/web_socket.hpp"

#include <memory>
#include <string_view>

namespace ping::realtime::socketio {

class EngineSession;

/// A WebSocket on its way to take over a polling session: `2probe`, answered by `3probe`, then `5`. Anything
/// else, or too long a wait, and it is closed; the session polls on. Owned by its session. Loop thread.
class Probe final : private WebSocketUser, private Timer, public std::enable_shared_from_this<Probe> {
public:
    Probe(EngineSession& session, std::shared_ptr<WebSocket> socket, http::Request handshake);
    ~Probe() override;

    /// Listens, at most so long.
    void begin(TimerWheel& timers, std::chrono::milliseconds timeout);
    /// Asked and answered: the upgrade is about to come.
    bool is_probed() const { return is_probed_; }

private:
    void on_socket_text(std::string_view text) override;
    void on_socket_bytes(std::string_view bytes) override;
    void on_socket_end(Departure how) override;
    void fired() override;
    void give_up();

    EngineSession& session_;
    std::shared_ptr<WebSocket> socket_;  ///< null once it has been handed over
    http::Request handshake_;
    bool is_probed_ = false;
};

}  // namespace ping::realtime::socketio
