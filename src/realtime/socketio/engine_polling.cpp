#include "realtime/socketio/engine_answers.hpp"
#include "realtime/socketio/engine_session.hpp"

#include <utility>

// A session's GET and POST. They come over any connections, in any order, and may race with an upgrade.
namespace ping::realtime::socketio {
namespace {

// A GET that meets an upgrade under way is held this long: the upgrade may be completed by then, and the GET
// is refused. (The reference server looks every 100 ms.)
constexpr std::chrono::milliseconds probed_hold{100};
// Beyond the pong's deadline the session is over anyway.
constexpr std::chrono::seconds beyond_deadline{1};

}  // namespace

Task<http::Response> EngineSession::poll(http::Request& request) {
    const auto self = shared_from_this();
    note_heard();
    if (phase_ == Phase::parting) {
        co_return say_last_words();
    }
    if (waiter_ != nullptr) {
        break_off();
        co_return engine_refusal(EngineError::bad_request);
    }
    arrived();
    if (queue_.is_empty()) {
        Waiter waiter(engine_.services_.loop);
        waiter_ = &waiter;
        request.on_gone = [self] { self->end(Departure::lost); };
        const auto& options = engine_.options_;
        const bool is_probed = probe_ && probe_->is_probed();
        const std::chrono::milliseconds patience =
            is_probed ? probed_hold : options.ping_interval + options.ping_timeout + beyond_deadline;
        poll_due_.reset();
        ++engine_.waiting_polls_;
        co_await waiter.wake.wait_for(patience);
        --engine_.waiting_polls_;
        expect_poll();
        request.on_gone = nullptr;
        if (waiter_ == &waiter) {
            waiter_ = nullptr;
        }
        if (waiter.answer) {
            co_return std::move(*waiter.answer);
        }
        if (phase_ == Phase::parting) {
            co_return say_last_words();
        }
    }
    auto payload = queue_.is_empty() ? std::string("6") : take_payload();
    expect_poll(payload.size());
    co_return payload_response(std::move(payload));
}

std::string EngineSession::take_payload() {
    checkpoint();
    return queue_.take_payload();
}

void EngineSession::answer_poll(http::Response response) {
    if (waiter_ != nullptr) {
        waiter_->answer = std::move(response);
        wake_poll();
    }
}

void EngineSession::wake_poll() {
    if (waiter_ != nullptr) {
        std::exchange(waiter_, nullptr)->wake.set();
    }
}

void EngineSession::on_probed() {
    answer_poll(payload_response("6"));
}

std::shared_ptr<void> EngineSession::claim_post() {
    if (phase_ != Phase::polling) {
        return nullptr;
    }
    if (is_posting_) {
        break_off();
        return nullptr;
    }
    is_posting_ = true;
    // Not the session itself as the value: only its place is held.
    return {this, [self = shared_from_this()](EngineSession* session) { session->is_posting_ = false; }};
}

Task<http::Response> EngineSession::receive(http::Request& request) {
    const auto self = shared_from_this();
    note_heard();
    const auto packets = parse_payload(request.body);
    if (!packets) {
        break_off();
        co_return engine_refusal(EngineError::bad_request);
    }
    for (const auto& packet : *packets) {
        if (phase_ != Phase::polling) {
            break;
        }
        if (!on_packet(packet)) {
            break_off();
            co_return engine_refusal(EngineError::bad_request);
        }
    }
    while (is_busy_ && phase_ == Phase::polling) {
        AsyncEvent room(engine_.services_.loop);
        post_waiter_ = &room;
        co_await room.wait_for(engine_.options_.ping_timeout);
        post_waiter_ = nullptr;
    }
    co_return post_response();
}

void EngineSession::wake_post() {
    if (post_waiter_ != nullptr) {
        post_waiter_->set();
    }
}

}  // namespace ping::realtime::socketio
