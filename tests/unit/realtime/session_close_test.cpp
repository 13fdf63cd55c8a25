// How a native session ends: by the client's close, the server's, and its token's.
#include "session_helpers.hpp"

#include <cstdint>
#include <numeric>
#include <vector>

using namespace std::chrono_literals;
using ping::test::client_close;
using ping::test::client_frame;
using ping::test::flood;
using ping::test::NativeFixture;
using ping::test::numbered;
using ping::test::numbers;
using ping::test::repeat;
using ping::test::request;
using ping::test::small;

TEST_CASE("session: close codes are answered as RFC 6455 wants them", "[realtime]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana");
    const auto [sent, expected] = GENERATE(table<unsigned, unsigned>({{1000, 1000},
                                                                      {1001, 1001},
                                                                      {1011, 1011},
                                                                      {3000, 3000},
                                                                      {4000, 4000},
                                                                      {4999, 4999},
                                                                      {0, 1002},
                                                                      {999, 1002},
                                                                      {1004, 1002},
                                                                      {1005, 1002},
                                                                      {1006, 1002},
                                                                      {1015, 1002},
                                                                      {1016, 1002},
                                                                      {2999, 1002},
                                                                      {5000, 1002},
                                                                      {65535, 1002}}));
    CAPTURE(sent);
    client.send(client_close(sent));
    CHECK(fixture.wait_for_close(client).code() == expected);
    // The server says no more and waits for the client's end, but not for ever.
    CHECK(fixture.wait_for_end(client));
    CHECK(fixture.gateway.size() == 1);
    if (sent % 2 == 0) {
        client.end();
        CHECK(fixture.until([&] { return fixture.gateway.size() == 0; }));
    } else {
        fixture.advance(4s);
        CHECK(fixture.gateway.size() == 0);
    }
}

TEST_CASE("session: close frames without a code and broken ones", "[realtime]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana");
    SECTION("no code") {
        client.send(client_frame(0x88, ""));
        CHECK(fixture.wait_for_close(client).code() == 1000);
    }
    SECTION("half a code") {
        client.send(client_frame(0x88, "\x03"));
        CHECK(fixture.wait_for_close(client).code() == 1002);
    }
    SECTION("a reason that is not UTF-8") {
        client.send(client_frame(0x88, "\x03\xe8\xff"));
        CHECK(fixture.wait_for_close(client).code() == 1002);
    }
    SECTION("in fragments") {
        client.send(client_frame(0x08, "\x03\xe8"));
        CHECK(fixture.wait_for_close(client).code() == 1002);
    }
}

TEST_CASE("session: a client's close under a slow reader gets all that was queued, then the close, in order",
          "[realtime]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana", small);
    for (int i = 0; i < 200; ++i) {
        fixture.deliver("ana", numbered(i, 1000));
        fixture.turn();
    }
    client.send(client_close(1000));
    fixture.turn();
    // Slower than the time to end alone: what counts is that bytes are taken.
    for (int i = 0; i < 10; ++i) {
        CHECK(fixture.drink(client, 15'000));
        fixture.settle();
        fixture.advance(2s);
    }
    CHECK(fixture.wait_for_close(client).code() == 1000);
    std::vector<std::int64_t> expected(200);
    std::iota(expected.begin(), expected.end(), 0);
    CHECK(numbers(client.frames()) == expected);
    CHECK(fixture.wait_for_end(client));
}

TEST_CASE("session: the server's close under a slow reader comes behind all that was queued", "[realtime]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana", small);
    for (int i = 0; i < 200; ++i) {
        fixture.deliver("ana", numbered(i, 1000));
    }
    fixture.hub.end_session(NativeFixture::user("ana"), {}, "revoked");
    fixture.deliver("ana", numbered(999, 10));
    CHECK(fixture.wait_for_close(client).code() == 4401);
    const auto& frames = client.frames();
    CHECK(numbers(frames).size() == 200);
    CHECK(frames[200].json().at("event") == "sessionEnded");
    CHECK(frames.size() == 202);
    // The client's answer ends it at once; nothing more is said.
    client.send(client_close(4401));
    CHECK(fixture.wait_for_end(client));
    client.end();
    CHECK(fixture.until([&] { return fixture.gateway.size() == 0; }));
}

TEST_CASE("session: who does not answer the server's close is cut after three seconds", "[realtime]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana");
    fixture.gateway.close_all(ping::realtime::CloseReason::going_away);
    CHECK(fixture.wait_for_close(client).code() == 1001);
    SECTION("says nothing") {}
    SECTION("goes on sending, which is read for a while and then no more") {
        const auto taken = flood(fixture, client, repeat(request(1), 1000), 500);
        CHECK(taken < 16U << 20U);
    }
    CHECK(fixture.gateway.size() == 1);
    fixture.advance(3100ms);
    CHECK(fixture.gateway.size() == 0);
}

TEST_CASE("session: an expired token ends the socket within a second, with the reason", "[realtime]") {
    NativeFixture fixture;
    fixture.expires_at = fixture.clock.now() + 7s;
    auto client = fixture.log_in("ana");
    fixture.advance(6900ms);
    client.read();
    CHECK(client.frames().empty());
    fixture.advance(200ms);
    CHECK(fixture.wait_for_close(client).code() == 4401);
    CHECK(client.frames().front().json().at("event") == "sessionEnded");
    CHECK(client.frames().front().json().at("data").at("reason") == "expired");
}
