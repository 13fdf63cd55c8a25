#include "http/incoming_body.hpp"
#include "http/session.hpp"
#include "ping/core/log.hpp"

#include <functional>
#include <utility>

// Bodies that are never whole in memory: requests that their handler reads, and answers that are read while
// they are sent.
namespace ping::http {
namespace {

using Outcome = Connection::Outcome;

/// The body as a handler reads it. The client's time does not count as the handler's: the request's deadline
/// stands still while bytes are awaited.
class HandlersBody final : public BodyStream {
public:
    HandlersBody(IncomingBody& body, const Exchange& exchange, std::function<void(bool)> count_time)
        : body_(body), exchange_(exchange), count_time_(std::move(count_time)) {}

    Task<Result<std::string>> read() override {
        // The deadline has answered: the connection is another task's.
        if (exchange_.is_late) {
            co_return errors::unavailable("The server took too long", "timeout");
        }
        count_time_(false);
        auto piece = co_await body_.read();
        count_time_(true);
        co_return piece;
    }

private:
    IncomingBody& body_;
    const Exchange& exchange_;
    std::function<void(bool)> count_time_;
};

}  // namespace

Task<std::optional<Response>> Session::handle_streamed(Exchange& exchange) {
    IncomingBody incoming(*context_, connection_, exchange);
    const auto count_time = [this, &exchange](bool counts) {
        if (counts) {
            arm_request_deadline(exchange);
        } else {
            request_deadline_.disarm();
        }
    };
    HandlersBody body(incoming, exchange, count_time);
    exchange.request.body_stream = &body;
    auto response = co_await handle_whole(exchange);
    exchange.request.body_stream = nullptr;
    if (response && incoming.has_failed()) {
        co_return incoming.refusal();
    }
    co_return response;
}

// One piece after the other: a slow reader keeps one of them in memory. An answer that cannot be finished is
// cut off, which is the only way left to say so.
Task<Outcome> Session::write_stream(ResponseStream& stream) {
    const std::string_view none;
    for (auto left = stream.size(); left > 0;) {
        const auto piece = co_await stream.read();
        if (!piece || piece->empty() || piece->size() > left) {
            log::error("http.stream_failed",
                       {{"detail", piece ? "not as long as announced" : piece.error().detail}});
            co_return Outcome::gone;
        }
        left -= piece->size();
        const auto outcome = co_await connection_.write(none, *piece, write_pace());
        if (outcome != Outcome::done) {
            co_return outcome;
        }
    }
    co_return Outcome::done;
}

}  // namespace ping::http
