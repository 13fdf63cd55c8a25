#include "ping/realtime/native/codec.hpp"

#include "ping/core/json.hpp"
#include "ping/realtime/event.hpp"

#include <boost/json/serialize.hpp>

#include <limits>
#include <string>

namespace ping::realtime::native {
namespace {

constexpr std::size_t event_name_bytes = 64;

FramePtr encode_answer(std::int64_t ack, std::string_view name, const boost::json::value& data) {
    std::string text = R"({"ack":)" + std::to_string(ack) + R"(,")";
    text.append(name).append(R"(":)").append(boost::json::serialize(data)).append("}");
    return Frame::text(text, Frame::Kind::answer);
}

}  // namespace

Result<ClientFrame> parse_client_frame(std::string_view text) {
    auto document = json::parse(text);
    if (!document) {
        return document.error();
    }
    auto* const object = document->if_object();
    if (object == nullptr) {
        return errors::invalid("A frame must be a JSON object", "bad_frame");
    }
    json::Reader reader(*object);
    ClientFrame frame;
    frame.event = reader.string("event");
    if (frame.event.size() > event_name_bytes) {
        reader.complain("event", "is too long");
    }
    frame.ack = reader.optional_integer("ack", 0, std::numeric_limits<std::int64_t>::max());
    if (auto checked = reader.finish(); !checked) {
        return checked.error();
    }
    if (auto* const data = object->if_contains("data")) {
        frame.data = std::move(*data);
    }
    return frame;
}

FramePtr encode_ack(std::int64_t ack, const boost::json::value& data) {
    return encode_answer(ack, "data", data);
}

FramePtr encode_error_ack(std::int64_t ack, const Error& error) {
    return encode_answer(ack, "error", error_json(error));
}

FramePtr encode_error_event(const Error& error) {
    return encode_native_event("error", error_json(error), Frame::Kind::answer);
}

}  // namespace ping::realtime::native
