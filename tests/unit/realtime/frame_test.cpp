#include "ping/realtime/frame.hpp"

#include "ping/realtime/event.hpp"

#include <catch2/catch.hpp>

#include <string>

using ping::realtime::Frame;

namespace {

std::string bytes_of(const ping::realtime::FramePtr& frame) {
    return std::string(frame->data(), frame->size());
}

}  // namespace

TEST_CASE("frame: the head says the length in its shortest form", "[realtime]") {
    CHECK(bytes_of(Frame::text("hi")) == std::string("\x81\x02hi", 4));
    CHECK(bytes_of(Frame::text("")) == std::string("\x81\x00", 2));
    CHECK(bytes_of(Frame::text(std::string(125, 'x'))).substr(0, 2) == "\x81\x7d");
    CHECK(bytes_of(Frame::text(std::string(126, 'x'))).substr(0, 4) == std::string("\x81\x7e\x00\x7e", 4));
    CHECK(bytes_of(Frame::text(std::string(65535, 'x'))).substr(0, 4) == "\x81\x7e\xff\xff");
    const auto large = bytes_of(Frame::text(std::string(65536, 'x')));
    CHECK(large.substr(0, 10) == std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
    CHECK(large.size() == 65546);
}

TEST_CASE("frame: an event is built once for all receivers", "[realtime]") {
    const boost::json::value data{{"a", 1}};
    ping::realtime::OutgoingEvent event("newMessage", data);
    const auto first = event.frame(ping::realtime::WireFormat::native);
    const auto second = event.frame(ping::realtime::WireFormat::native);
    CHECK(first.get() == second.get());
    CHECK(bytes_of(first).substr(2) == R"({"event":"newMessage","data":{"a":1}})");
}

TEST_CASE("frame: what it carries is there without the head, whatever the head's length", "[realtime]") {
    for (const std::size_t size : {0U, 125U, 126U, 65535U, 65536U}) {
        const std::string payload(size, 'x');
        CHECK(Frame::text(payload)->payload() == payload);
        CHECK(Frame::binary(payload)->payload() == payload);
    }
    CHECK(Frame::binary("x")->is_binary());
    CHECK_FALSE(Frame::text("x")->is_binary());
    CHECK_FALSE(Frame::control("\x82")->is_binary());
    CHECK(bytes_of(Frame::binary("hi")) == "\x82\x02hi");
}

TEST_CASE("frame: each wire format has its own bytes of an event", "[realtime]") {
    const boost::json::value data{{"a", 1}};
    ping::realtime::OutgoingEvent event("newMessage", data);
    const auto frame = event.frame(ping::realtime::WireFormat::socketio);
    CHECK(frame->payload() == R"(42["newMessage",{"a":1}])");
    CHECK(event.frame(ping::realtime::WireFormat::socketio).get() == frame.get());
    CHECK(event.frame(ping::realtime::WireFormat::native)->payload() ==
          R"({"event":"newMessage","data":{"a":1}})");
}

TEST_CASE("frame: a close frame is known as one", "[realtime]") {
    CHECK(Frame::control(std::string("\x88\x02\x03\xe9", 4))->is_close());
    CHECK_FALSE(Frame::control("HTTP/1.1 101")->is_close());
    CHECK_FALSE(Frame::text("x")->is_control());
}
