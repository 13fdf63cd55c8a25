#include "ping/realtime/event.hpp"

#include <boost/json/serialize.hpp>

#include <string>

namespace ping::realtime {

FramePtr encode_native_event(std::string_view name, const boost::json::value& data, Frame::Kind kind) {
    // Event names are our own words: nothing in them needs escaping.
    std::string text = R"({"event":")";
    text.append(name).append(R"(","data":)").append(boost::json::serialize(data)).append("}");
    return Frame::text(text, kind);
}

FramePtr encode_socketio_event(std::string_view name, const boost::json::value& data, Frame::Kind kind) {
    std::string text = R"(42[")";
    text.append(name).append(R"(",)").append(boost::json::serialize(data)).append("]");
    return Frame::text(text, kind);
}

boost::json::value error_json(const Error& error) {
    return {{"message", error.message}, {"code", error.slug}};
}

const FramePtr& OutgoingEvent::frame(WireFormat format) {
    auto& frame = frames_[static_cast<std::size_t>(format)];
    if (!frame) {
        frame = format == WireFormat::native ? encode_native_event(name_, data_)
                                             : encode_socketio_event(name_, data_);
    }
    return frame;
}

}  // namespace ping::realtime
