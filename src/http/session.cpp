#include "http/session.hpp"

#include "http/middleware/access_log.hpp"
#include "http/middleware/auth.hpp"
#include "http/middleware/errors.hpp"
#include "http/response_head.hpp"

// One request passes through, in this order (behind the arrow: the refusals of that step):
//
// - receive_head: bytes until the head is whole (session_read.cpp) -> 400, 408, 414, 431
// - begin_exchange: raw scan, request id, client address, route, CORS preflight, announced size
// (exchange.cpp)
//   -> 400, 404, 405, 413
// - hand_over: a WebSocket leaves here -> 403
// - check_identity: before the body, so that strangers cannot make us read one -> 401, 403
// - read_body: 100-continue, limit and pace -> 400, 408, 413. On a route with `streams_body` the handler
// reads
//   it, and these refusals come out of `handle`
// - handle: the handler, its exceptions and its time -> 500, 503
// - finish: CORS and security headers, X-Request-Id, write, access log, metrics
//
// An answer that is given before the body has been read closes the connection: what follows on it could
// otherwise be taken for a request.
namespace ping::http {
namespace {

using Outcome = Connection::Outcome;

}  // namespace

Session::Session(std::shared_ptr<Context> context, Socket socket, Address peer, Places places)
    : context_(std::move(context)),
      connection_(context_->loop, std::move(socket)),
      peer_(std::move(peer)),
      places_(std::move(places)) {
    context_->sessions.insert(this);
}

Connection::WritePace Session::write_pace() const {
    const auto& limits = context_->config.limits;
    return Connection::WritePace{limits.write_stall, limits.body_rate};
}

Session::~Session() {
    context_->sessions.erase(this);
}

Task<> Session::run() {
    bool goes_on = true;
    while (goes_on) {
        goes_on = co_await serve_one();
        is_first_ = false;
    }
}

void Session::stop() {
    if (is_idle_) {
        connection_.cancel();
    }
}

Task<bool> Session::serve_one() {
    Exchange exchange;
    exchange.request.id = context_->ids.next();
    exchange.request.peer = peer_;
    exchange.request.client = peer_;
    std::optional<Refusal> refusal;
    const bool has_head = co_await receive_head(exchange, refusal);
    if (refusal) {
        auto response = refusal_response(*refusal, exchange.request.id);
        co_return co_await finish(exchange, response);
    }
    if (!has_head) {
        connection_.close();
        co_return false;
    }
    auto response = co_await answer(exchange);
    if (!response) {
        co_return false;
    }
    co_return co_await finish(exchange, *response);
}

// Nothing: no answer is due any more (handed over, gone, or answered by the deadline).
Task<std::optional<Response>> Session::answer(Exchange& exchange) {
    auto& buffer = connection_.buffer();
    auto early = begin_exchange(*context_, exchange, buffer.view().substr(0, exchange.head_size));
    if (!early && exchange.upgrade != nullptr) {
        hand_over(exchange);
        co_return std::nullopt;
    }
    if (exchange.is_read) {
        buffer.consume(exchange.head_size);
    }
    if (early) {
        co_return early;
    }
    if (exchange.route->options.auth == Auth::required) {
        early = co_await check_identity(exchange);
        if (early || exchange.is_late) {
            co_return early;
        }
    }
    if (exchange.route->options.streams_body) {
        co_return co_await handle_streamed(exchange);
    }
    if (exchange.has_body) {
        early = co_await read_body(exchange);
        if (early || !exchange.is_read) {
            co_return early;
        }
    }
    co_return co_await handle(exchange);
}

Task<std::optional<Response>> Session::check_identity(Exchange& exchange) {
    arm_request_deadline(exchange);
    const auto known = co_await authenticate(context_->authenticate, context_->origins, context_->cookie_name,
                                             exchange.request);
    const bool is_over = co_await was_late(exchange);
    if (is_over || known) {
        co_return std::nullopt;
    }
    co_return answer_error(known.error(), exchange.request);
}

Task<std::optional<Response>> Session::handle(Exchange& exchange) {
    if (exchange.route->options.long_poll) {
        co_return co_await handle_long_poll(exchange);
    }
    co_return co_await handle_whole(exchange);
}

// Within `limits.request`.
Task<std::optional<Response>> Session::handle_whole(Exchange& exchange) {
    arm_request_deadline(exchange);
    auto response = co_await run_handler(exchange.route->handler, exchange.request);
    const bool is_over = co_await was_late(exchange);
    if (is_over) {
        co_return std::nullopt;
    }
    co_return std::optional<Response>(std::move(response));
}

// The handler bounds its wait itself and is told when the client has gone.
Task<std::optional<Response>> Session::handle_long_poll(Exchange& exchange) {
    connection_.watch([&request = exchange.request] {
        if (request.on_gone) {
            const auto on_gone = std::exchange(request.on_gone, nullptr);
            on_gone();
        }
    });
    auto response = co_await run_handler(exchange.route->handler, exchange.request);
    connection_.stop_watching();
    co_return std::optional<Response>(std::move(response));
}

Task<bool> Session::finish(Exchange& exchange, Response& response) {
    // Before the answer leaves: the client's next request may follow it at once, on another connection.
    exchange.request.claim.reset();
    const bool closes =
        !exchange.is_read || !exchange.keeps_alive || exchange.is_late || context_->is_stopping;
    complete_response(*context_, exchange, response);
    const auto head = make_response_head(response, context_->loop.clock().now(), closes);
    const bool has_body = exchange.request.method != Method::head && may_have_body(response.status);
    const std::string_view body = has_body ? std::string_view(response.body) : std::string_view();
    auto outcome = co_await connection_.write(head, body, write_pace());
    if (outcome == Outcome::done && has_body && response.stream != nullptr) {
        outcome = co_await write_stream(*response.stream);
    }
    record(exchange, response.status);
    if (outcome != Outcome::done) {
        connection_.close();
        co_return false;
    }
    if (closes) {
        co_await connection_.close_gently();
    }
    co_return !closes;
}

void Session::record(const Exchange& exchange, int status) {
    const auto duration = context_->loop.clock().steady_now() - exchange.started;
    const std::string_view route = exchange.route != nullptr ? std::string_view(exchange.route->pattern) : "";
    write_access_log(exchange.request, exchange.method, route, status, duration);
    context_->metrics.count_request(exchange.route, status, duration);
}

void Session::hand_over(Exchange& exchange) {
    record(exchange, 101);
    auto slot = std::make_shared<std::pair<Places, ConnectionSlot>>(std::move(places_),
                                                                    std::move(exchange.client_place));
    // The box keeps the callable copyable and is emptied at the start, so that a WebSocket costs no
    // leftovers.
    auto box = std::make_shared<std::unique_ptr<Upgrade>>(
        std::make_unique<Upgrade>(connection_.release(), std::move(exchange.request),
                                  std::string(connection_.buffer().view()), std::move(slot)));
    context_->tasks.spawn("http.upgrade", [handler = exchange.upgrade, box] {
        const auto upgrade = std::move(*box);
        return (*handler)(std::move(*upgrade));
    });
}

// The handler cannot be interrupted: at the deadline another task answers and closes, and the session waits
// for both, because the handler holds its request.
void Session::arm_request_deadline(Exchange& exchange) {
    request_deadline_.set([this, &exchange] {
        exchange.is_late = true;
        late_answer_.emplace(context_->loop);
        context_->tasks.spawn("http.late_answer", [this, &exchange] { return answer_late(exchange); });
    });
    context_->loop.timers().arm(request_deadline_, context_->config.limits.request);
}

Task<bool> Session::was_late(Exchange& exchange) {
    request_deadline_.disarm();
    if (exchange.is_late) {
        co_await late_answer_->wait();
    }
    co_return exchange.is_late;
}

Task<> Session::answer_late(Exchange& exchange) {
    struct Announce {
        AsyncEvent& event;
        ~Announce() { event.set(); }
    };
    const Announce announce{*late_answer_};
    const Refusal refusal(503, "timeout", "The server took too long");
    auto response = refusal_response(refusal, exchange.request.id);
    co_await finish(exchange, response);
}

}  // namespace ping::http
