#include "realtime/socketio/member.hpp"

#include "ping/core/json.hpp"
#include "ping/core/log.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace ping::realtime::socketio {
namespace {

// Expiry goes by the wall clock, which may be set: so it is looked at anew this often.
constexpr std::chrono::minutes look_every{1};

/// The event's first argument, by core/json.hpp's rules; null when there is none.
Result<boost::json::value> first_argument(const Event& event) {
    if (!event.attachments.empty()) {
        return errors::invalid("Bytes are not taken here", "bad_data");
    }
    auto arguments = json::parse("[" + event.arguments + "]");
    if (!arguments) {
        return arguments.error();
    }
    auto& list = arguments->as_array();
    return list.empty() ? boost::json::value() : std::move(list.front());
}

}  // namespace

/// An event that is worked on. The reply lives until it is answered: that bounds how many there are.
struct Member::Call {
    std::string event;
    const EventRoute& route;
    boost::json::value data;
    Reply reply;
};

Member::Member(Gateway& gateway, std::shared_ptr<Socket> socket, Identity identity, Device device)
    : gateway_(gateway),
      services_(gateway.services_),
      socket_(std::move(socket)),
      identity_(identity),
      device_(device) {}

Member::~Member() {
    if (membership_) {  // its client left before it was told of it
        gateway_.reconnects_->forget(identity_.user, id_);
        gateway_.remove(*this);
    }
}

Result<void> Member::join() {
    membership_ = services_.hub.join(*this);
    if (!membership_) {
        return errors::rate_limited("Too many connections", std::chrono::seconds(2), "too_many_requests");
    }
    id_ = membership_.id();
    joined_at_ = services_.loop.clock().steady_now();
    gateway_.add(*this);
    socket_->set_packet_bytes(Gateway::packet_bytes);
    arm_timer();
    if (auto loss = gateway_.reconnects_->arrived(device_, id_)) {
        take_over(std::move(*loss));
    } else {
        gateway_.doubt_others(*this);
    }
    return ok();
}

void Member::deliver(OutgoingEvent& event) {
    if (const auto& message = event.message()) {
        const ChatPlace place{message->chat, message->seq};
        if (return_ && return_->progress.holds(place)) {
            return;
        }
        note_sent(place, message->sender);
    }
    socket_->send(event.frame(WireFormat::socketio));
}

void Member::close(CloseReason reason) {
    if (reason == CloseReason::not_authenticated) {
        socket_->send(Frame::text("41"));  // its session is over: the client must not try again by itself
    }
    socket_->close(reason);
}

void Member::on_event(Event event, Reply reply) {
    const auto* const route = services_.events.find(event.name);
    // What answers with megabytes is for clients that read it at their own pace: the native ones.
    if (route == nullptr || route->answer == AnswerSize::large) {
        answer(reply, errors::not_found("There is no such event", "unknown_event"));
        return;
    }
    auto data = first_argument(event);
    if (!data) {
        answer(reply, data.error());
        return;
    }
    const auto call =
        std::make_shared<Call>(Call{std::move(event.name), *route, std::move(*data), std::move(reply)});
    services_.tasks.spawn("socketio.event",
                          [self = shared_from_this(), call] { return self->run_event(call); });
}

Task<> Member::run_event(std::shared_ptr<Call> call) {
    const auto self = shared_from_this();
    const auto answered =
        co_await answer_event(call->event, call->route.handler, caller(), std::move(call->data));
    if (answered) {
        call->reply.send(boost::json::serialize(*answered));
    } else {
        answer(call->reply, answered.error());
    }
}

void Member::answer(Reply& reply, const Error& error) {
    const auto shown = error_json(error);
    if (reply.is_wanted()) {
        reply.send(boost::json::serialize(boost::json::value{{"error", shown}}));
    } else {
        socket_->send(encode_socketio_event("error", shown));
    }
}

void Member::note_sent(ChatPlace place, UserId sender) {
    const bool is_own = sender == identity_.user;
    const bool is_first = log_.sent(place, is_own ? DeliveryLog::Author::self : DeliveryLog::Author::other);
    if (is_first && is_new_) {
        live_.note_first(place);
    }
    has_left_all_ = false;
}

void Member::on_left() {
    tell_delivered(log_.left());
    on_room();
}

void Member::on_arrived() {
    tell_delivered(log_.arrived());
    on_room();
}

void Member::tell_delivered(const ChatPlaces& places) {
    for (const auto& place : places) {
        services_.chats.delivered(identity_.user, place.chat, place.seq);
    }
}

void Member::arm_timer() {
    const auto left =
        std::min<Time::duration>(identity_.expires_at - services_.loop.clock().now(), look_every);
    services_.loop.timers().arm(*this, left);
}

void Member::fired() {
    const auto& clock = services_.loop.clock();
    if (is_new_ && clock.steady_now() - joined_at_ >= Reconnects::memory) {
        is_new_ = false;
        live_.clear();
    }
    if (clock.now() < identity_.expires_at) {
        arm_timer();
        return;
    }
    socket_->send(encode_socketio_event("sessionEnded", {{"reason", "expired"}}));
    close(CloseReason::not_authenticated);
}

void Member::on_disconnected(Departure how) {
    is_over_ = true;
    disarm();
    on_room();
    gateway_.reconnects_->forget(identity_.user, id_);
    gateway_.remove(*this);
    // Whose session has ended is no longer in the hub, and does not come back.
    if (how == Departure::lost && services_.hub.has(id_)) {
        auto lost = loss();
        const auto successor = gateway_.reconnects_->lost(device_, socket_->last_heard(), lost);
        if (auto* const member = successor ? gateway_.find(identity_.user, *successor) : nullptr;
            member != nullptr) {
            member->take_over(std::move(lost));
        }
    }
    membership_.leave(how);
}

}  // namespace ping::realtime::socketio
