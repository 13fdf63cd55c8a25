#include "realtime/native/session.hpp"

#include "ping/core/json.hpp"
#include "ping/core/log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <utility>

namespace ping::realtime::native {
namespace {

namespace websocket = boost::beast::websocket;

constexpr std::chrono::seconds handshake_timeout{10};
constexpr std::chrono::seconds auth_timeout{5};
constexpr std::chrono::seconds heartbeat_interval{10};
constexpr std::chrono::seconds silence_limit{20};
constexpr std::chrono::seconds close_timeout{3};
// Events of one connection that may wait for their answers; the next one stays in the kernel's buffer.
constexpr int events_in_flight_limit = 32;
constexpr int bad_frames_limit = 10;

boost::json::value hello(const Identity& identity, const Services& services) {
    const auto& limits = services.limits;
    return {{"userId", identity.user.to_string()},
            {"serverTime", to_iso8601(services.loop.clock().now())},
            {"heartbeat", {{"interval", heartbeat_interval.count()}, {"timeout", silence_limit.count()}}},
            {"limits",
             {{"messageBytes", limits.ws_message_bytes}, {"messagesPerSecond", limits.messages_per_second}}}};
}

}  // namespace

Session::Session(Gateway& gateway, http::Upgrade upgrade)
    : services_(gateway.services_),
      gateway_(gateway),
      slot_(std::move(upgrade.slot)),
      stream_(std::move(upgrade.socket), gateway.services_.flusher,
              OutboxBounds{gateway.services_.limits.outbox_bytes,
                           static_cast<std::size_t>(gateway.services_.limits.outbox_frames)},
              static_cast<OutboxOwner&>(*this)),
      last_heard_(gateway.services_.loop.clock().steady_now()) {
    gateway_.add(*this);
}

Session::~Session() {
    gateway_.remove(*this);
}

Task<> Session::start(std::string received, std::string token) {
    const auto self = shared_from_this();
    stream_.read_message_max(services_.limits.ws_message_bytes);
    stream_.control_callback([this](websocket::frame_type, boost::beast::string_view) {
        last_heard_ = services_.loop.clock().steady_now();
    });
    services_.loop.timers().arm(*this, handshake_timeout);
    // Parsed here and not by the stream, whose buffer of 1536 bytes a head with some cookies does not fit
    // into.
    boost::beast::http::request_parser<boost::beast::http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(received.size()));
    boost::system::error_code malformed;
    const std::size_t head_size = parser.put(boost::asio::buffer(received), malformed);
    if (malformed || !parser.is_header_done()) {
        end();
        co_return;
    }
    stream_.next_layer().preload(received.substr(head_size));
    const auto [error] = co_await stream_.async_accept(parser.get(), use_task);
    if (error || phase_ != Phase::handshake) {
        end();
        co_return;
    }
    phase_ = Phase::awaiting_auth;
    services_.loop.timers().arm(*this, auth_timeout);
    if (!token.empty()) {
        phase_ = Phase::authenticating;
        co_await authenticate(std::move(token), std::nullopt);
    }
    read();
}

void Session::read() {
    if (is_reading_ || phase_ == Phase::ended || phase_ == Phase::authenticating ||
        events_in_flight_ >= events_in_flight_limit || (is_going_away_ && phase_ != Phase::closing)) {
        return;
    }
    is_reading_ = true;
    stream_.async_read_some(boost::asio::buffer(read_buffer_),
                            [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                                self->is_reading_ = false;
                                self->on_read(error, size);
                            });
}

void Session::on_read(boost::system::error_code error, std::size_t size) {
    if (error) {
        end();
        return;
    }
    last_heard_ = services_.loop.clock().steady_now();
    if (!stream_.got_text()) {
        close(CloseReason::policy);
    } else if (message_.empty() && stream_.is_message_done()) {
        on_message(std::string_view(read_buffer_.data(), size));
    } else {
        message_.append(read_buffer_.data(), size);
        if (stream_.is_message_done()) {
            const std::string whole = std::exchange(message_, std::string());
            on_message(whole);
        }
    }
    read();
}

void Session::on_message(std::string_view text) {
    if ((phase_ != Phase::awaiting_auth && phase_ != Phase::ready) || is_going_away_) {
        return;  // closing: reading goes on only to find the peer's close frame
    }
    auto frame = parse_client_frame(text);
    if (!frame) {
        on_bad_frame(frame.error());
    } else if (phase_ == Phase::awaiting_auth) {
        first_frame(std::move(*frame));
    } else {
        dispatch(std::move(*frame));
    }
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
    read();
}

void Session::become_ready(const Identity& identity, std::optional<std::int64_t> ack) {
    identity_ = identity;
    membership_ = services_.hub.join(*this);
    if (!membership_) {
        close(CloseReason::too_many);
        return;
    }
    phase_ = Phase::ready;
    // Nothing else can come before hello: events are delivered from other handlers of the loop.
    put(encode_native_event("hello", hello(identity, services_)));
    if (ack) {
        put(encode_ack(*ack, boost::json::value{{"userId", identity.user.to_string()}}));
    }
    services_.loop.timers().arm(*this, heartbeat_interval);
}

void Session::dispatch(ClientFrame frame) {
    const auto* const handler = services_.events.find(frame.event);
    if (handler == nullptr) {
        const auto unknown = errors::not_found("There is no such event", "unknown_event");
        put(frame.ack ? encode_error_ack(*frame.ack, unknown) : encode_error_event(unknown));
        return;
    }
    ++events_in_flight_;
    services_.tasks.spawn("socket.event",
                          [self = shared_from_this(), handler, call = std::move(frame)]() mutable {
                              return self->run_event(handler, std::move(call));
                          });
}

Task<> Session::run_event(const EventHandler* handler, ClientFrame frame) {
    const auto self = shared_from_this();
    Result<boost::json::value> answer = errors::internal("no answer");
    try {
        answer = co_await (*handler)(*identity_, std::move(frame.data));
    } catch (const std::exception& failure) {
        answer = errors::internal(std::string("exception: ") + failure.what());
    } catch (...) {
        answer = errors::internal("exception: not a std::exception");
    }
    --events_in_flight_;
    if (answer) {
        if (frame.ack) {
            put(encode_ack(*frame.ack, *answer));
        }
    } else {
        const auto error = answer.error();
        if (is_server_fault(error.code)) {
            log::error("socket.event", {{"event", frame.event},
                                        {"code", error.slug},
                                        {"detail", error.detail},
                                        {"file", error.where.file_name()},
                                        {"line", error.where.line()}});
        }
        put(frame.ack ? encode_error_ack(*frame.ack, error) : encode_error_event(error));
    }
    if (is_going_away_ && events_in_flight_ == 0) {
        close(CloseReason::going_away);
    }
    read();
}

void Session::deliver(OutgoingEvent& event) {
    put(event.frame(WireFormat::native));
}

void Session::put(FramePtr frame) {
    if (phase_ == Phase::ended || phase_ == Phase::closing) {
        return;
    }
    auto& outbox = stream_.next_layer().outbox();
    if (outbox.put(std::move(frame)) == Outbox::Put::overflow) {
        close(CloseReason::too_slow);
    }
}

void Session::close(CloseReason reason) {
    if (phase_ == Phase::closing || phase_ == Phase::ended) {
        return;
    }
    if (phase_ == Phase::handshake) {
        cut();
        return;
    }
    if (reason == CloseReason::going_away && events_in_flight_ > 0) {
        is_going_away_ = true;  // what has been asked is answered first; run_event closes then
        return;
    }
    log::debug("socket.close", {{"reason", to_string(reason)}});
    phase_ = Phase::closing;
    if (reason == CloseReason::too_slow) {
        stream_.next_layer().outbox().drop_unsent();
    }
    services_.loop.timers().arm(*this, close_timeout);
    const auto text = to_string(reason);
    const websocket::close_reason why(static_cast<websocket::close_code>(close_code(reason)),
                                      boost::beast::string_view(text.data(), text.size()));
    stream_.async_close(why, [self = shared_from_this()](boost::system::error_code) { self->end(); });
    read();
}

void Session::fired() {
    switch (phase_) {
        case Phase::awaiting_auth:
        case Phase::authenticating:
            close(CloseReason::not_authenticated);
            break;
        case Phase::ready:
            heartbeat();
            break;
        case Phase::handshake:
        case Phase::closing:
            cut();
            break;
        case Phase::ended:
            break;
    }
}

void Session::heartbeat() {
    const auto& clock = services_.loop.clock();
    if (clock.now() >= identity_->expires_at) {
        close(CloseReason::not_authenticated);
        return;
    }
    if (clock.steady_now() - last_heard_ >= silence_limit) {
        cut();  // whoever does not answer pings does not read a close frame either
        return;
    }
    put(gateway_.ping_frame_);
    if (phase_ == Phase::ready) {
        services_.loop.timers().arm(*this, heartbeat_interval);
    }
}

void Session::cut() {
    end();
}

void Session::end() {
    if (phase_ == Phase::ended) {
        return;
    }
    phase_ = Phase::ended;
    disarm();
    membership_.leave();
    slot_.reset();
    boost::system::error_code ignored;  // closing a socket leaves nothing to do on failure
    stream_.next_layer().socket().close(ignored);
    stream_.next_layer().abort();
}

}  // namespace ping::realtime::native
