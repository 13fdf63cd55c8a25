// What the native session does with frames that come without end, in pieces, too slowly or compressed.
#include "session_helpers.hpp"

#include <algorithm>
#include <string>

using namespace std::chrono_literals;
using ping::test::add_echo;
using ping::test::client_frame;
using ping::test::flood;
using ping::test::NativeFixture;
using ping::test::numbered;
using ping::test::ping_frame;
using ping::test::pong_frame;
using ping::test::repeat;
using ping::test::request;
using ping::test::small;

namespace {

constexpr unsigned first_part = 0x01;
constexpr unsigned next_part = 0x00;
constexpr unsigned last_part = 0x80;

}  // namespace

TEST_CASE("T36: endless empty fragments are closed with 1008 and read no more", "[realtime][T36]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana");
    const auto fragments = repeat(client_frame(next_part, ""), 10'000);
    client.send(client_frame(first_part, "{"));
    client.send(fragments);
    CHECK(fixture.wait_for_close(client).code() == 1008);
    // What the kernel's buffers hold is all that this client can still push.
    CHECK(flood(fixture, client, fragments, 1000) < 16U << 20U);
    fixture.advance(4s);
    CHECK(fixture.wait_for_end(client));
    CHECK(fixture.gateway.size() == 0);
}

TEST_CASE("T36: a flood of pings is closed with 1008, ten in a second are answered", "[realtime][T36]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana");
    for (int second = 0; second < 3; ++second) {
        client.send(repeat(client_frame(ping_frame, "hey"), 10));
        fixture.until([&] {
            client.read();
            return client.frames().size() >= 10;
        });
        CHECK(client.frames().size() == 10);
        CHECK(client.frames().front().first == pong_frame);
        CHECK(client.frames().front().payload == "hey");
        client.frames().clear();
        fixture.advance(1s);
    }
    client.send(repeat(client_frame(ping_frame, "hey"), 1000));
    CHECK(fixture.wait_for_close(client).code() == 1008);
    CHECK(client.frames().size() <= 300);
    fixture.turn();
    CHECK(fixture.flusher.queued_bytes() == 0);
}

TEST_CASE("T36: a flood of pings by a client that does not read keeps one pong waiting", "[realtime][T36]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana", small);
    fixture.deliver("ana", numbered(0, 200'000));
    for (int second = 0; second < 8; ++second) {
        client.send(repeat(client_frame(ping_frame, std::string(125, 'p')), 10));
        fixture.advance(1s);
    }
    // The event is counted; Beast has at most one pong under way and reads no more until that has left.
    CHECK(fixture.flusher.queued_bytes() < 201'000);
    CHECK(fixture.until([&] {
        client.read();
        return client.frames().size() >= 2;
    }));
    CHECK(client.frames()[0].first == 0x81);
    CHECK(client.frames()[1].first == pong_frame);
}

TEST_CASE("T36: a message must be whole within ten seconds", "[realtime][T36]") {
    NativeFixture fixture;
    add_echo(fixture);
    auto client = fixture.log_in("ana");
    const auto whole = request(1);
    SECTION("fragments that stop coming") {
        client.send(client_frame(first_part, "{"));
        fixture.turn();
        fixture.advance(5s);
        client.send(client_frame(next_part, " "));
        fixture.turn();
        fixture.advance(4s);
        client.read();
        CHECK(client.frames().empty());
        fixture.advance(1100ms);
        CHECK(fixture.wait_for_close(client).code() == 1008);
    }
    SECTION("one frame, dripping") {
        for (std::size_t i = 0; i < whole.size() - 1 && i < 12; ++i) {
            client.send(whole.substr(i, 1));
            fixture.turn();
            fixture.advance(1s);
        }
        CHECK(fixture.wait_for_close(client).code() == 1008);
    }
    SECTION("slow, but in time, again and again") {
        for (int message = 0; message < 3; ++message) {
            client.send(whole.substr(0, 9));
            fixture.turn();
            fixture.advance(9s);
            client.send(whole.substr(9));
            fixture.settle();
            fixture.advance(5s);
        }
        fixture.until([&] {
            client.read();
            return client.frames().size() >= 6;
        });
        const auto answers = std::count_if(client.frames().begin(), client.frames().end(),
                                           [](const auto& frame) { return frame.first == 0x81; });
        CHECK(answers == 3);
        CHECK(fixture.gateway.size() == 1);
    }
}

TEST_CASE("session: a message in 64 fragments with pings between is one message", "[realtime]") {
    NativeFixture fixture;
    add_echo(fixture);
    auto client = fixture.log_in("ana");
    const std::string text = R"({"event":"echo","ack":7,"data":")" + std::string(10'000, 'x') + "\"}";
    const std::size_t part = text.size() / 63 + 1;
    for (std::size_t i = 0; i < 63; ++i) {
        client.send(client_frame(i == 0 ? first_part : next_part, text.substr(i * part, part)));
        if (i % 10 == 5) {
            client.send(client_frame(ping_frame, "p"));
        }
    }
    client.send(client_frame(last_part, ""));
    CHECK(fixture.until([&] {
        client.read();
        return client.frames().size() == 7;
    }));
    CHECK(client.frames().back().json().at("ack") == 7);
    CHECK(client.frames().back().json().at("data").as_string().size() == 10'000);
}

TEST_CASE("T37: permessage-deflate is not negotiated and a frame with RSV1 closes with 1002",
          "[realtime][T37]") {
    NativeFixture fixture;
    auto client = fixture.connect(
        "ana", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n", {});
    CHECK(fixture.until([&] {
        client.read();
        return !client.frames().empty();
    }));
    CHECK(client.handshake().starts_with("HTTP/1.1 101"));
    CHECK(client.handshake().find("xtensions") == std::string::npos);
    client.send(client_frame(0xC1, "compressed"));
    CHECK(fixture.wait_for_close(client).code() == 1002);
}
