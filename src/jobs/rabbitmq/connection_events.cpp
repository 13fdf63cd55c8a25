// What the broker says by itself, frame by frame: the library's own calls for whole messages wait for the
// rest of one, and keep all of it.
#include "jobs/rabbitmq/connection.hpp"
#include "jobs/rabbitmq/properties.hpp"

#include <algorithm>
#include <sys/time.h>
#include <utility>

namespace ping::jobs::rabbitmq {

Result<std::optional<Event>> Connection::next() {
    constexpr timeval at_once{};
    for (;;) {
        amqp_maybe_release_buffers(state_);  // of what was read before: else they only grow
        amqp_frame_t frame{};
        const int status = amqp_simple_wait_frame_noblock(state_, &frame, &at_once);
        if (status == AMQP_STATUS_TIMEOUT) {
            return std::optional<Event>();
        }
        if (status != AMQP_STATUS_OK) {
            return broken(status);
        }
        auto event = read(frame);
        if (!event || *event) {
            return event;
        }
    }
}

bool Connection::has_input() const {
    return amqp_frames_enqueued(state_) != 0 || amqp_data_in_buffer(state_) != 0;
}

Result<std::optional<Event>> Connection::read(const amqp_frame_t& frame) {
    switch (frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return read_method(frame.payload.method);
        case AMQP_FRAME_HEADER:
            read_header(frame);
            return take_content();
        case AMQP_FRAME_BODY:
            read_body(frame.payload.body_fragment);
            return take_content();
        default:
            return std::optional<Event>();
    }
}

Result<std::optional<Event>> Connection::read_method(const amqp_method_t& method) {
    switch (method.id) {
        case AMQP_BASIC_DELIVER_METHOD: {
            const auto* const deliver = static_cast<const amqp_basic_deliver_t*>(method.decoded);
            content_.emplace();
            content_->delivered = Delivered{deliver->delivery_tag, deliver->redelivered != 0, Job()};
            return std::optional<Event>();
        }
        case AMQP_BASIC_RETURN_METHOD:
            content_.emplace();
            return std::optional<Event>();
        case AMQP_BASIC_ACK_METHOD: {
            const auto* const ack = static_cast<const amqp_basic_ack_t*>(method.decoded);
            return std::optional<Event>(Confirmed{ack->delivery_tag, ack->multiple != 0, true});
        }
        case AMQP_BASIC_NACK_METHOD: {
            const auto* const nack = static_cast<const amqp_basic_nack_t*>(method.decoded);
            return std::optional<Event>(Confirmed{nack->delivery_tag, nack->multiple != 0, false});
        }
        case AMQP_BASIC_CANCEL_METHOD:
            return std::optional<Event>(Cancelled());
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return std::optional<Event>(Blocked{true});
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return std::optional<Event>(Blocked{false});
        case AMQP_CHANNEL_CLOSE_METHOD:
            return broken(to_string(static_cast<amqp_channel_close_t*>(method.decoded)->reply_text));
        case AMQP_CONNECTION_CLOSE_METHOD:
            return broken(to_string(static_cast<amqp_connection_close_t*>(method.decoded)->reply_text));
        default:
            return std::optional<Event>();
    }
}

void Connection::read_header(const amqp_frame_t& frame) {
    if (content_) {
        const auto* const properties =
            static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
        content_->job = read_job(*properties, clock_.now());
        content_->bytes_left = frame.payload.properties.body_size;
        content_->has_header = true;
    }
}

void Connection::read_body(const amqp_bytes_t& part) {
    if (content_) {
        auto& body = content_->job.body;
        body.append(static_cast<const char*>(part.bytes), std::min(part.len, most_body_bytes - body.size()));
        content_->bytes_left -= std::min<std::uint64_t>(part.len, content_->bytes_left);
    }
}

std::optional<Event> Connection::take_content() {
    if (!content_ || !content_->has_header || content_->bytes_left > 0) {
        return std::nullopt;
    }
    auto content = std::exchange(content_, std::nullopt);
    if (!content->delivered) {
        return Returned{std::move(content->job.message_id)};
    }
    content->delivered->job = std::move(content->job);
    return std::move(*content->delivered);
}

}  // namespace ping::jobs::rabbitmq
