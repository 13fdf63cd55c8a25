#include "http/head_scan.hpp"
#include "http/message_parser.hpp"
#include "http/session.hpp"

namespace ping::http {
namespace {

constexpr std::size_t head_read = 4096;
constexpr std::size_t body_read = 16 * 1024;
constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";

using Outcome = Connection::Outcome;

Refusal timed_out() {
    return Refusal(408, "request_timeout", "The request took too long to arrive");
}

Response refuse(const Exchange& exchange, int status, const char* slug, const char* message) {
    return refusal_response(Refusal(status, slug, message), exchange.request.id);
}

}  // namespace

Task<bool> Session::await_first_byte() {
    auto& buffer = connection_.buffer();
    if (!buffer.empty()) {
        co_return true;
    }
    if (context_->is_stopping) {
        co_return false;
    }
    buffer.release_if_empty();
    const auto& limits = context_->config.limits;
    const auto patience = is_first_ ? limits.header_timeout : limits.keep_alive;
    is_idle_ = true;
    const auto outcome =
        co_await connection_.read_some(head_read, context_->loop.clock().steady_now() + patience);
    is_idle_ = false;
    co_return outcome == Outcome::done;
}

Task<bool> Session::receive_head(Exchange& exchange, std::optional<Refusal>& refusal) {
    const bool has_begun = co_await await_first_byte();
    if (!has_begun) {
        co_return false;
    }
    const auto& limits = context_->config.limits;
    exchange.started = context_->loop.clock().steady_now();
    exchange.request.received_at = exchange.started;
    HeadFinder finder;
    while (true) {
        const auto state = finder.look(connection_.buffer().view());
        if (state == HeadFinder::State::malformed) {
            refusal = Refusal(400, "bad_request", "The header is malformed");
            co_return false;
        }
        if (state == HeadFinder::State::complete) {
            exchange.head_size = finder.length();
            co_return true;
        }
        refusal = head_too_long(connection_.buffer().view(), limits);
        if (refusal) {
            co_return false;
        }
        const auto outcome =
            co_await connection_.read_some(head_read, exchange.started + limits.header_timeout);
        if (outcome == Outcome::late) {
            refusal = timed_out();
        }
        if (outcome != Outcome::done) {
            co_return false;
        }
    }
}

Task<std::optional<Response>> Session::read_body(Exchange& exchange) {
    const auto& limits = context_->config.limits;
    auto& buffer = connection_.buffer();
    const auto pace = write_pace();
    const std::string_view none;
    if (exchange.expects_continue && buffer.view().size() == exchange.head_size) {
        // Should this fail, the read below says so.
        co_await connection_.write(continue_answer, none, pace);
    }
    MessageParser parser(2 * limits.header_bytes, exchange.body_limit);
    const auto start = context_->loop.clock().steady_now();
    std::size_t received = buffer.view().size() - exchange.head_size;
    while (true) {
        std::size_t consumed = 0;
        const auto state = parser.put(buffer.view(), consumed);
        buffer.consume(consumed);
        if (state == MessageParser::State::complete) {
            exchange.request.body = parser.take_body();
            exchange.is_read = true;
            co_return std::nullopt;
        }
        if (state == MessageParser::State::too_large) {
            co_return refuse(exchange, 413, "body_too_large", "The body is too large");
        }
        // What the parser leaves is the start of a chunk's line or of the trailer: as bounded as a header.
        if (state == MessageParser::State::malformed || buffer.view().size() > limits.header_bytes) {
            co_return refuse(exchange, 400, "bad_request", "The body is malformed");
        }
        const std::chrono::seconds due_for_bytes(received / std::max<std::size_t>(limits.body_rate, 1));
        const auto before = buffer.view().size();
        const auto outcome =
            co_await connection_.read_some(body_read, start + limits.body_grace + due_for_bytes);
        if (outcome == Outcome::late) {
            co_return refusal_response(timed_out(), exchange.request.id);
        }
        if (outcome == Outcome::gone) {
            connection_.close();
            co_return std::nullopt;
        }
        received += buffer.view().size() - before;
    }
}

}  // namespace ping::http
