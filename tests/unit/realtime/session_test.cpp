// What the native session does with clients that break the rules, read slowly or end badly.
#include "native_fixture.hpp"

#include <boost/json/serialize.hpp>

#include <numeric>
#include <string>

using namespace std::chrono_literals;
using ping::test::client_close;
using ping::test::client_frame;
using ping::test::client_text;
using ping::test::NativeClient;
using ping::test::NativeFixture;
using ping::test::WireFrame;

namespace {

using Answer = ping::Result<boost::json::value>;

constexpr unsigned first_part = 0x01;
constexpr unsigned next_part = 0x00;
constexpr unsigned last_part = 0x80;
constexpr unsigned ping_frame = 0x89;
constexpr std::uint8_t pong_frame = 0x8A;
// A client's and a server's buffer that is full after a few messages.
constexpr ping::test::Buffers small{8192, 4096};

std::string request(int ack, std::string_view event = "echo") {
    return client_text(R"({"event":")" + std::string(event) + R"(","ack":)" + std::to_string(ack) + "}");
}

void add_echo(NativeFixture& fixture) {
    fixture.events.add("echo", [](ping::realtime::Caller, boost::json::value data) -> ping::Task<Answer> {
        co_return Answer(std::move(data));
    });
}

/// Sends as much as the server takes while the loop turns; the bytes it took.
std::size_t flood(NativeFixture& fixture, NativeClient& client, const std::string& bytes, int turns) {
    std::size_t taken = 0;
    for (int i = 0; i < turns; ++i) {
        taken += client.send(bytes);
        fixture.turn();
    }
    return taken;
}

std::string repeat(const std::string& bytes, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) {
        all += bytes;
    }
    return all;
}

/// The numbers in the `data` of the events among the frames.
std::vector<std::int64_t> numbers(const std::vector<WireFrame>& frames) {
    std::vector<std::int64_t> found;
    for (const auto& frame : frames) {
        if (frame.first == 0x81) {
            const auto json = frame.json();
            if (json.as_object().contains("event") && json.at("event") == "newMessage") {
                found.push_back(json.at("data").at("n").as_int64());
            }
        }
    }
    return found;
}

boost::json::value numbered(int number, std::size_t size) {
    return {{"n", number}, {"text", std::string(size, 'x')}};
}

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

TEST_CASE("T41: 200 readers that stop are each closed with 4408, others get every message, memory is bounded",
          "[realtime][T41]") {
    constexpr int messages = 1000;
    constexpr int stopped = 200;
    NativeFixture fixture;
    std::vector<NativeClient> slow;
    std::vector<NativeClient> fast;
    for (int i = 0; i < stopped; ++i) {
        slow.push_back(fixture.log_in("ana", small));
    }
    for (int i = 0; i < 5; ++i) {
        fast.push_back(fixture.log_in("bo"));
    }
    const std::vector<ping::UserId> both{NativeFixture::user("ana"), NativeFixture::user("bo")};
    std::size_t most = 0;
    for (int i = 0; i < messages; ++i) {
        fixture.hub.deliver(both, "newMessage", numbered(i, 300));
        if (i % 10 == 9) {
            fixture.turn();
            for (auto& client : fast) {
                client.read();
            }
        }
        most = std::max(most, fixture.flusher.queued_bytes());
    }
    CHECK(most <= stopped * 256U * 1024U);
    fixture.until([&] {
        for (auto& client : fast) {
            client.read();
        }
        return fast.back().frames().size() == messages;
    });
    for (auto& client : fast) {
        CHECK(numbers(client.frames()).size() == messages);
    }
    // They read again: the bytes that were on their way, in order and without a gap, then the reason.
    for (auto& client : slow) {
        REQUIRE(fixture.wait_for_close(client).code() == 4408);
        const auto got = numbers(client.frames());
        CHECK(got.size() < messages);
        CHECK((got.empty() || got.back() == static_cast<std::int64_t>(got.size()) - 1));
    }
    fixture.advance(4s);
    CHECK(fixture.hub.size() == 5);
}

TEST_CASE("T41: over the bound of all outboxes the slowest reader goes first", "[realtime][T41]") {
    NativeFixture fixture([](ping::Config::Limits& limits) { limits.outbox_bytes = 16 << 20; }, 1 << 20);
    auto slow = fixture.log_in("ana", small);
    auto slower = fixture.log_in("bo", small);
    fixture.deliver("ana", numbered(0, 300'000));
    for (int i = 0; i < 10; ++i) {
        fixture.deliver("bo", numbered(i, 100'000));
        fixture.turn();
    }
    CHECK(fixture.wait_for_close(slower).code() == 4408);
    CHECK(fixture.flusher.queued_bytes() < 1U << 20U);
    CHECK(fixture.until([&] {
        slow.read();
        return !slow.frames().empty();
    }));
    CHECK(numbers(slow.frames()).size() == 1);
}

TEST_CASE("T34: a reader that takes nothing for ten seconds is closed, though it pings", "[realtime][T34]") {
    NativeFixture fixture;
    auto client = fixture.log_in("ana", small);
    fixture.deliver("ana", numbered(0, 200'000));
    fixture.settle();
    for (int second = 0; second < 17; ++second) {
        CHECK((second > 9 || fixture.hub.size() == 1));
        client.send(client_frame(ping_frame, ""));
        fixture.settle();
        fixture.advance(1s);
    }
    CHECK(fixture.hub.size() == 0);
}

TEST_CASE("session: an answer of megabytes is beside the bound and requests wait until it has left",
          "[realtime]") {
    constexpr std::size_t large = 1 << 20;
    NativeFixture fixture;
    add_echo(fixture);
    int asked = 0;
    fixture.events.add(
        "resume",
        [&](ping::realtime::Caller, boost::json::value) -> ping::Task<Answer> {
            ++asked;
            co_return Answer(boost::json::value(boost::json::string(large, 'x')));
        },
        ping::realtime::AnswerSize::large);
    auto client = fixture.log_in("ana", small);
    client.send(repeat(request(1, "resume"), 5) + request(2));
    fixture.until([&] { return fixture.flusher.queued_bytes() > large; });
    for (int i = 0; i < 100; ++i) {
        fixture.turn();
    }
    CHECK(asked == 1);
    CHECK(fixture.flusher.queued_bytes() < large + 1000);
    fixture.deliver("ana", numbered(1, 1000));
    // A slow reader, but one that reads: longer than the silence that ends others.
    for (int i = 0; i < 5; ++i) {
        CHECK(fixture.drink(client, 50'000));
        fixture.settle();
        fixture.advance(8s);
    }
    CHECK(fixture.until([&] {
        client.read();
        return !client.frames().empty() && client.frames().back().first == 0x81 &&
               client.frames().back().json().as_object().contains("ack") &&
               client.frames().back().json().at("ack") == 2;
    }));
    CHECK(asked == 5);
    CHECK(numbers(client.frames()).size() == 1);
}

TEST_CASE("session: small answers to a client that does not read stop its requests, not the connection",
          "[realtime]") {
    NativeFixture fixture;
    int asked = 0;
    fixture.events.add("ask", [&](ping::realtime::Caller, boost::json::value) -> ping::Task<Answer> {
        ++asked;
        co_return Answer(boost::json::value(boost::json::string(1000, 'x')));
    });
    auto client = fixture.log_in("ana", small);
    constexpr int requests = 1000;
    const auto all = repeat(request(1, "ask"), requests);
    std::size_t sent = 0;
    for (int i = 0; i < 500; ++i) {
        sent += client.send(std::string_view(all).substr(sent));
        fixture.turn();
    }
    CHECK(asked < 200);
    CHECK(fixture.flusher.queued_bytes() < 128U * 1024U);
    fixture.until([&] {
        sent += client.send(std::string_view(all).substr(sent));
        client.read();
        return client.frames().size() == requests;
    });
    CHECK(client.frames().size() == requests);
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

TEST_CASE("session: a reader that is cut with a request in flight harms nobody", "[realtime]") {
    NativeFixture fixture;
    ping::AsyncEvent release(fixture.loop);
    int finished = 0;
    fixture.events.add("slow", [&](ping::realtime::Caller caller, boost::json::value) -> ping::Task<Answer> {
        co_await release.wait();
        ++finished;
        const std::vector<ping::UserId> all{caller.identity.user, NativeFixture::user("bo")};
        fixture.hub.deliver(all, "newMessage", numbered(1, 10));
        co_return Answer(boost::json::value(true));
    });
    auto other = fixture.log_in("bo");
    auto client = fixture.log_in("ana", small);
    client.send(request(1, "slow"));
    fixture.turn();
    SECTION("by its bound") {
        for (int i = 0; i < 300; ++i) {
            fixture.deliver("ana", numbered(i, 1000));
        }
        fixture.turn();
    }
    SECTION("by its own end") {
        client.reset();
        fixture.until([&] { return fixture.hub.size() == 1; });
    }
    SECTION("by silence") {
        for (int i = 0; i < 3; ++i) {
            other.send(client_frame(pong_frame, ""));
            fixture.settle();
            fixture.advance(10s);
        }
    }
    release.set();
    CHECK(fixture.until([&] {
        other.read();
        return finished == 1 && numbers(other.frames()).size() == 1;
    }));
    fixture.advance(4s);
    CHECK(fixture.until([&] { return fixture.flusher.queued_bytes() == 0; }));
}
