#pragma once

#include "http/connection.hpp"
#include "http/context.hpp"
#include "http/exchange.hpp"
#include "http/refusal.hpp"
#include "ping/runtime/async_event.hpp"

#include <memory>
#include <optional>

namespace ping::http {

/// The places a connection holds in the limits.
struct Places {
    ConnectionSlot of_all;
    ConnectionSlot of_address;
};

/// One connection from its acceptance to its end or its upgrade: requests one after the other, in order,
/// pipelined ones too. `run` is a task of the context's group, whose callable keeps the session alive.
class Session {
public:
    Session(std::shared_ptr<Context> context, Socket socket, Address peer, Places places);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Task<> run();
    /// Ends the session when it waits for a request; one in flight is finished first.
    void stop();
    /// Ends the connection now.
    void cut_off() { connection_.close(); }

private:
    Task<bool> serve_one();
    Task<bool> receive_head(Exchange& exchange, std::optional<Refusal>& refusal);
    Task<bool> await_first_byte();
    Task<std::optional<Response>> answer(Exchange& exchange);
    Task<std::optional<Response>> check_identity(Exchange& exchange);
    Task<std::optional<Response>> read_body(Exchange& exchange);
    Task<std::optional<Response>> handle(Exchange& exchange);
    Task<std::optional<Response>> handle_whole(Exchange& exchange);
    Task<std::optional<Response>> handle_streamed(Exchange& exchange);
    Task<std::optional<Response>> handle_long_poll(Exchange& exchange);
    Task<bool> finish(Exchange& exchange, Response& response);
    Task<Connection::Outcome> write_stream(ResponseStream& stream);
    Connection::WritePace write_pace() const;
    void hand_over(Exchange& exchange);
    void record(const Exchange& exchange, int status);

    void arm_request_deadline(Exchange& exchange);
    Task<bool> was_late(Exchange& exchange);
    Task<> answer_late(Exchange& exchange);

    std::shared_ptr<Context> context_;
    Connection connection_;
    Address peer_;
    Places places_;
    CallbackTimer request_deadline_;
    std::optional<AsyncEvent> late_answer_;
    bool is_idle_ = false;
    bool is_first_ = true;
};

}  // namespace ping::http
