#pragma once

#include "http/connection.hpp"
#include "http/context.hpp"
#include "http/exchange.hpp"
#include "http/message_parser.hpp"
#include "http/refusal.hpp"
#include "ping/http/body_stream.hpp"

#include <optional>
#include <string>

namespace ping::http {

/// The answer to a request that arrives too slowly.
Refusal too_slow();

/// Reads one request's body off its connection: 100-continue, limit, pace. Sets `Exchange::is_read` at its
/// end.
class IncomingBody final : public BodyStream {
public:
    IncomingBody(Context& context, Connection& connection, Exchange& exchange);

    Task<Result<std::string>> read() override;
    /// After a failed read: the answer, or nothing when the client is gone and the connection closed.
    std::optional<Response> refusal() const;
    bool has_failed() const { return has_failed_; }

private:
    Task<> say_continue();
    Task<Connection::Outcome> receive();
    Error fail(std::optional<Refusal> refusal);

    Context& context_;
    Connection& connection_;
    Exchange& exchange_;
    MessageParser parser_;
    SteadyTime start_{};
    std::size_t received_ = 0;
    bool has_begun_ = false;
    bool has_failed_ = false;
    std::optional<Refusal> refusal_;
};

}  // namespace ping::http
