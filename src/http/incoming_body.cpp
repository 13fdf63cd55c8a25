#include "http/incoming_body.hpp"

#include <algorithm>
#include <utility>

namespace ping::http {
namespace {

constexpr std::size_t body_read = 16 * 1024;
constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";

using Outcome = Connection::Outcome;

}  // namespace

Refusal too_slow() {
    return Refusal(408, "request_timeout", "The request took too long to arrive");
}

IncomingBody::IncomingBody(Context& context, Connection& connection, Exchange& exchange)
    : context_(context),
      connection_(connection),
      exchange_(exchange),
      parser_(2 * context.config.limits.header_bytes, exchange.body_limit) {}

Task<Result<std::string>> IncomingBody::read() {
    if (!exchange_.is_read && !std::exchange(has_begun_, true)) {
        co_await say_continue();
        start_ = context_.loop.clock().steady_now();
        received_ = connection_.buffer().view().size() - exchange_.head_size;
    }
    auto& buffer = connection_.buffer();
    while (!exchange_.is_read) {
        std::size_t consumed = 0;
        const auto state = parser_.put(buffer.view(), consumed);
        buffer.consume(consumed);
        if (state == MessageParser::State::too_large) {
            co_return fail(Refusal(413, "body_too_large", "The body is too large"));
        }
        // What the parser leaves of a body that is not whole is the start of a chunk's line or of the
        // trailer: as bounded as a header. Behind a whole one the next requests begin.
        const bool is_whole = state == MessageParser::State::complete;
        if (state == MessageParser::State::malformed ||
            (!is_whole && buffer.view().size() > context_.config.limits.header_bytes)) {
            co_return fail(Refusal(400, "bad_request", "The body is malformed"));
        }
        exchange_.is_read = is_whole;
        auto piece = parser_.take_body();
        if (!piece.empty() || exchange_.is_read) {
            co_return piece;
        }
        const auto outcome = co_await receive();
        if (outcome == Outcome::late) {
            co_return fail(too_slow());
        }
        if (outcome == Outcome::gone) {
            connection_.close();
            co_return fail(std::nullopt);
        }
    }
    co_return std::string();
}

Task<> IncomingBody::say_continue() {
    const auto& limits = context_.config.limits;
    if (exchange_.expects_continue && connection_.buffer().view().size() == exchange_.head_size) {
        const Connection::WritePace pace{limits.write_stall, limits.body_rate};
        const std::string_view none;
        // Should this fail, the read that follows says so.
        co_await connection_.write(continue_answer, none, pace);
    }
}

Task<Outcome> IncomingBody::receive() {
    const auto& limits = context_.config.limits;
    auto& buffer = connection_.buffer();
    const std::chrono::seconds due_for_bytes(received_ / std::max<std::size_t>(limits.body_rate, 1));
    const auto before = buffer.view().size();
    const auto outcome =
        co_await connection_.read_some(body_read, start_ + limits.body_grace + due_for_bytes);
    received_ += buffer.view().size() - before;
    co_return outcome;
}

Error IncomingBody::fail(std::optional<Refusal> refusal) {
    has_failed_ = true;
    refusal_ = std::move(refusal);
    return errors::invalid("The body could not be read", "body_unread");
}

std::optional<Response> IncomingBody::refusal() const {
    return refusal_ ? std::optional(refusal_response(*refusal_, exchange_.request.id)) : std::nullopt;
}

}  // namespace ping::http
