#include "ping/core/json.hpp"
#include "realtime/native/session.hpp"

#include <utility>

namespace ping::realtime::native {
namespace {

constexpr int bad_frames_limit = 10;

boost::json::value hello(const Identity& identity, const Services& services) {
    const auto& limits = services.limits;
    return {
        {"userId", identity.user.to_string()},
        {"serverTime", to_iso8601(services.loop.clock().now())},
        {"heartbeat",
         {{"interval", Session::heartbeat_interval.count()}, {"timeout", Session::silence_limit.count()}}},
        {"limits",
         {{"messageBytes", limits.ws_message_bytes}, {"messagesPerSecond", limits.messages_per_second}}}};
}

}  // namespace

void Session::on_socket_bytes(std::string_view /*bytes*/) {
    close(CloseReason::policy);
}

void Session::on_socket_text(std::string_view text) {
    auto frame = parse_client_frame(text);
    if (!frame) {
        on_bad_frame(frame.error());
    } else if (phase_ == Phase::awaiting_auth) {
        first_frame(std::move(*frame));
    } else {
        dispatch(std::move(*frame));
    }
    choose_reading();
}

void Session::on_bad_frame(const Error& error) {
    put(encode_error_event(error));
    if (phase_ == Phase::awaiting_auth || ++bad_frames_ >= bad_frames_limit) {
        close(CloseReason::policy);
    }
}

void Session::first_frame(ClientFrame frame) {
    const auto* const data = frame.data.if_object();
    if (frame.event != "auth" || data == nullptr) {
        close(CloseReason::not_authenticated);
        return;
    }
    json::Reader reader(*data);
    auto token = reader.string("token");
    if (!reader.finish()) {
        close(CloseReason::not_authenticated);
        return;
    }
    phase_ = Phase::authenticating;
    services_.tasks.spawn("socket.auth", [self = shared_from_this(), token = std::move(token),
                                          ack = frame.ack] { return self->authenticate(token, ack); });
}

Task<> Session::authenticate(std::string token, std::optional<std::int64_t> ack) {
    const auto self = shared_from_this();
    const auto identity = co_await services_.authenticate(std::move(token));
    if (phase_ != Phase::authenticating) {
        co_return;  // closed meanwhile
    }
    phase_ = Phase::awaiting_auth;
    if (identity) {
        become_ready(*identity, ack);
    } else {
        close(CloseReason::not_authenticated);
    }
    choose_reading();
}

void Session::become_ready(const Identity& identity, std::optional<std::int64_t> ack) {
    identity_ = identity;
    membership_ = services_.hub.join(*this);
    if (!membership_) {
        close(CloseReason::too_many);
        return;
    }
    phase_ = Phase::ready;
    next_ping_ = steady_now() + heartbeat_interval;
    arm_timer();
    // Nothing else can come before hello: events are delivered from other handlers of the loop.
    put(encode_native_event("hello", hello(identity, services_)));
    if (ack) {
        put(encode_ack(*ack, boost::json::value{{"userId", identity.user.to_string()}}));
    }
}

void Session::dispatch(ClientFrame frame) {
    const auto* const route = services_.events.find(frame.event);
    if (route == nullptr) {
        const auto unknown = errors::not_found("There is no such event", "unknown_event");
        put(frame.ack ? encode_error_ack(*frame.ack, unknown) : encode_error_event(unknown));
        return;
    }
    ++events_in_flight_;
    is_answer_large_ = route->answer == AnswerSize::large;
    services_.tasks.spawn("socket.event",
                          [self = shared_from_this(), route, call = std::move(frame)]() mutable {
                              return self->run_event(*route, std::move(call));
                          });
}

Task<> Session::run_event(const EventRoute& route, ClientFrame frame) {
    const auto self = shared_from_this();
    const Caller caller{*identity_, membership_.id()};
    const auto answer = co_await answer_event(frame.event, route.handler, caller, std::move(frame.data));
    --events_in_flight_;
    if (route.answer == AnswerSize::large) {
        is_answer_large_ = false;  // from here on its bytes in the outbox count
    }
    if (!answer) {
        const auto& error = answer.error();
        put(frame.ack ? encode_error_ack(*frame.ack, error) : encode_error_event(error));
    } else if (frame.ack) {
        put(encode_ack(*frame.ack, *answer));
    }
    if (is_going_away_ && events_in_flight_ == 0) {
        close(CloseReason::going_away);
    }
    choose_reading();
}

void Session::deliver(OutgoingEvent& event) {
    put(event.frame(WireFormat::native));
}

void Session::put(FramePtr frame) {
    if (phase_ != Phase::ended && !socket_->put(std::move(frame))) {
        close(CloseReason::too_slow);
    }
}

}  // namespace ping::realtime::native
