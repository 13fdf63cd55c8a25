// What the native session does with clients that read slowly, not at all, or end before their answer comes.
#include "session_helpers.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::test::add_echo;
using ping::test::Answer;
using ping::test::client_frame;
using ping::test::NativeClient;
using ping::test::NativeFixture;
using ping::test::numbered;
using ping::test::numbers;
using ping::test::ping_frame;
using ping::test::pong_frame;
using ping::test::repeat;
using ping::test::request;
using ping::test::small;

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
