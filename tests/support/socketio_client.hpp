#pragma once

#include "support/event_description.hpp"
#include "support/ws_client.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ping::test {

/// A blocking Socket.IO client over a WebSocket alone, in the main namespace. It answers the server's pings
/// whenever it reads, and checks what the server says by config/api/asyncapi.json. Waits as WsClient.
class SocketIoClient {
public:
    using Headers = std::map<std::string, std::string>;

    /// Opens the session and says nothing. `query` begins with `&` when it is not empty.
    explicit SocketIoClient(const std::string& address, const Headers& headers = {},
                            const std::string& query = {});

    /// CONNECT with the auth object; the answer's payload, from which `is_connected` tells what it is.
    boost::json::value connect(const boost::json::object& auth = {});
    bool is_connected() const { return is_connected_; }
    /// Connects with the token; throws when it is refused.
    void log_in(const std::string& token);

    void emit(const std::string& event, const boost::json::value& data);
    /// Emits and returns the acknowledgement's first argument.
    boost::json::value ask(const std::string& event, const boost::json::value& data);
    /// Skips events until this one comes; its data.
    boost::json::value next(const std::string& event);
    struct Heard {
        std::string event;
        boost::json::value data;
    };
    /// The events that the server had queued when it answered a question that the client asks now.
    std::vector<Heard> pending();
    /// The disconnect packet.
    void say_goodbye() { socket_.send_text("41"); }
    /// Reads until the server closes; the close code, and whether a disconnect packet came before.
    struct Ending {
        int code = 0;
        bool was_told = false;
    };
    Ending wait_for_close();
    WsClient& socket() { return socket_; }

private:
    std::string receive_packet();
    Heard read_event(const std::string& packet) const;
    /// Reads until a packet begins so, keeps the events before it, and returns it.
    std::string read_until(const std::string& head);

    WsClient socket_;
    EventDescription description_{"socketio"};
    bool is_connected_ = false;
    std::int64_t last_ack_ = 0;
    std::deque<Heard> kept_;  ///< events that came before an answer
};

}  // namespace ping::test
