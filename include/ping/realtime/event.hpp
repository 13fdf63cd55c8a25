#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/realtime/frame.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ping::realtime {

/// How events look on one kind of connection. A new transport adds its row here.
enum class WireFormat { native, socketio, count };

/// Whether connections of this format follow presence by `userOnline` and `userOffline`. The others get the
/// whole list anew: the family's clients know nothing else.
constexpr bool takes_deltas(WireFormat format) {
    return format == WireFormat::native;
}

/// The bytes of an event as a native text frame: `{"event": name, "data": data}` (API.md §5).
FramePtr encode_native_event(std::string_view name, const boost::json::value& data,
                             Frame::Kind kind = Frame::Kind::event);

/// The bytes of an event of Socket.IO's main namespace as a text frame: `42["name",data]`.
FramePtr encode_socketio_event(std::string_view name, const boost::json::value& data,
                               Frame::Kind kind = Frame::Kind::event);

/// How clients are told of an error: `{message, code}`.
boost::json::value error_json(const Error& error);

/// Which message an event brings.
struct MessagePlace {
    ChatId chat;
    UserId sender;
    std::int64_t seq = 0;
};

/// An event on its way to any number of connections. It is serialised once per wire format, when the first
/// connection of that format asks. Lives within one call; refers to its name and data.
class OutgoingEvent {
public:
    OutgoingEvent(std::string_view name, const boost::json::value& data,
                  std::optional<MessagePlace> message = std::nullopt)
        : name_(name), data_(data), message_(message) {}
    const FramePtr& frame(WireFormat format);
    std::string_view name() const { return name_; }
    const boost::json::value& data() const { return data_; }
    /// Nothing when it brings none.
    const std::optional<MessagePlace>& message() const { return message_; }

private:
    std::string_view name_;
    const boost::json::value& data_;
    std::optional<MessagePlace> message_;
    std::array<FramePtr, static_cast<std::size_t>(WireFormat::count)> frames_;
};

}  // namespace ping::realtime
