#pragma once

#include "ping/realtime/frame.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace ping::realtime {

/// How events look on one kind of connection. A new transport adds its row here.
enum class WireFormat { native, count };

/// The bytes of an event as a native text frame: `{"event": name, "data": data}` (API.md §5).
FramePtr encode_native_event(std::string_view name, const boost::json::value& data);

/// An event on its way to any number of connections. It is serialised once per wire format, when the first
/// connection of that format asks. Lives within one call; refers to its name and data.
class OutgoingEvent {
public:
    OutgoingEvent(std::string_view name, const boost::json::value& data) : name_(name), data_(data) {}
    const FramePtr& frame(WireFormat format);
    std::string_view name() const { return name_; }

private:
    std::string_view name_;
    const boost::json::value& data_;
    std::array<FramePtr, static_cast<std::size_t>(WireFormat::count)> frames_;
};

}  // namespace ping::realtime
