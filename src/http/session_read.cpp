#include "http/head_scan.hpp"
#include "http/incoming_body.hpp"
#include "http/session.hpp"

namespace ping::http {
namespace {

constexpr std::size_t head_read = 4096;

using Outcome = Connection::Outcome;

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
            refusal = too_slow();
        }
        if (outcome != Outcome::done) {
            co_return false;
        }
    }
}

// Gathers the body of a route that wants it whole.
Task<std::optional<Response>> Session::read_body(Exchange& exchange) {
    IncomingBody body(*context_, connection_, exchange);
    while (!exchange.is_read) {
        auto piece = co_await body.read();
        if (!piece) {
            co_return body.refusal();
        }
        exchange.request.body += *piece;
    }
    co_return std::nullopt;
}

}  // namespace ping::http
