#include "integration/socketio_people.hpp"
#include "integration/socketio_polling.hpp"
#include "support/raw_client.hpp"

#include <catch2/catch.hpp>

// A Socket.IO client that was cut off comes back: its chats are open, nothing is missing (DESIGN.md §4).

using namespace std::chrono_literals;
using ping::test::count;
using ping::test::message_ids;
using ping::test::PollingClient;
using ping::test::RawClient;
using ping::test::SocketIoClient;
using ping::test::SocketIoPeople;
using ping::test::stay;

namespace {

using Ids = std::vector<std::string>;

const SocketIoClient::Headers firefox{{"User-Agent", "Firefox"}};
const SocketIoClient::Headers opera{{"User-Agent", "Opera"}};

/// Ana says so many things; their ids.
Ids say(SocketIoPeople& two, int messages) {
    Ids ids;
    for (int i = 0; i < messages; ++i) {
        ids.push_back(two.say("missed " + std::to_string(i)));
    }
    return ids;
}

/// So many messages, however many events come between.
Ids take(SocketIoClient& client, std::size_t messages) {
    Ids ids;
    while (ids.size() < messages) {
        ids.emplace_back(client.next("newMessage").at("_id").as_string());
    }
    return ids;
}

/// A connection that has answered a ping: what came before has arrived.
SocketIoClient confirmed(SocketIoPeople& two, const SocketIoClient::Headers& headers = firefox) {
    auto client = two.connect(two.bo, headers);
    stay(two, client, 26s);
    return client;
}

/// Bo, by polling, with all that he is told at first.
PollingClient poll_as_bo(SocketIoPeople& two) {
    PollingClient client(two.app, {},
                         {{"User-Agent", "Firefox"}, {"Authorization", "Bearer " + two.bo.token}});
    client.post("40");
    client.wait_for("getOnlineUser");
    return client;
}

}  // namespace

TEST_CASE("socketio reconnect: a hundred missed messages come in order, once, and the chat is open again",
          "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    const auto before = two.say("before");
    auto bo = confirmed(two);
    static_cast<void>(bo.ask("joinChat", boost::json::value(two.chat)));
    bo.socket().cut();
    two.wait_for(1);
    const auto missed = say(two, 100);
    stay(two, ana, 30s);
    auto back = two.connect(two.bo, firefox);
    const auto live = two.say("live");
    auto expected = missed;
    expected.push_back(live);
    CHECK(take(back, expected.size()) == expected);
    stay(two, back, 2s);
    CHECK(message_ids(back.pending()).empty());
    // The chat is open: all of it has been seen, and what is said now is.
    const auto last = two.say("last");
    Ids seen;
    while (seen.empty() || seen.back() != last) {
        const auto event = ana.next("messagesSeen");
        for (const auto& id : event.at("messageIds").as_array()) {
            seen.emplace_back(id.as_string());
        }
    }
    CHECK(std::find(seen.begin(), seen.end(), missed.front()) != seen.end());
    CHECK(std::find(seen.begin(), seen.end(), before) != seen.end());
}

TEST_CASE("socketio reconnect: what was written but never answered for comes again", "[socketio]") {
    SocketIoPeople two;
    auto bo = confirmed(two);
    const auto doubtful = say(two, 3);
    CHECK(take(bo, 3) == doubtful);
    bo.socket().cut();
    two.wait_for(0);
    const auto missed = say(two, 2);
    auto back = two.connect(two.bo, firefox);
    auto expected = doubtful;
    expected.insert(expected.end(), missed.begin(), missed.end());
    CHECK(take(back, 5) == expected);
}

TEST_CASE("socketio reconnect: what a pong has confirmed does not come again", "[socketio]") {
    SocketIoPeople two;
    auto bo = two.connect(two.bo, firefox);
    say(two, 3);
    stay(two, bo, 26s);
    bo.socket().cut();
    two.wait_for(0);
    const auto missed = say(two, 1);
    auto back = two.connect(two.bo, firefox);
    CHECK(take(back, 1) == missed);
    stay(two, back, 1s);
    CHECK(message_ids(back.pending()).empty());
}

TEST_CASE("socketio reconnect: each lost connection is handed out once, to its own device", "[socketio]") {
    SocketIoPeople two;
    auto bo = confirmed(two);
    bo.socket().cut();
    two.wait_for(0);
    const auto missed = say(two, 2);
    auto other = two.connect(two.bo, opera);
    auto stranger = two.connect(two.ana, firefox);
    CHECK(message_ids(other.pending()).empty());
    CHECK(message_ids(stranger.pending()).empty());
    auto back = two.connect(two.bo, firefox);
    CHECK(take(back, 2) == missed);
    auto tab = two.connect(two.bo, firefox);
    CHECK(message_ids(tab.pending()).empty());
}

TEST_CASE("socketio reconnect: who is cut off again while catching up misses nothing", "[socketio]") {
    SocketIoPeople two;
    auto bo = confirmed(two);
    static_cast<void>(bo.ask("joinChat", boost::json::value(two.chat)));
    bo.socket().cut();
    two.wait_for(0);
    const auto missed = say(two, 60);
    auto ana = two.connect(two.ana);
    for (int i = 0; i < 2; ++i) {
        auto again = two.connect(two.bo, firefox);
        static_cast<void>(take(again, 1));
        again.socket().cut();
        two.wait_for(1);
    }
    auto back = two.connect(two.bo, firefox);
    CHECK(take(back, 60) == missed);
    const auto last = two.say("seen");
    for (bool is_seen = false; !is_seen;) {
        is_seen = ana.next("messagesSeen").at("seq").as_int64() == 61;
    }
    CHECK(take(back, 1) == Ids{last});
}

TEST_CASE("socketio reconnect: after two minutes it is forgotten", "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = confirmed(two);
    bo.socket().cut();
    two.wait_for(1);
    say(two, 2);
    CHECK(two.app.metric("ping_socketio_lost") == 1);
    stay(two, ana, 121s);
    auto back = two.connect(two.bo, firefox);
    CHECK(message_ids(back.pending()).empty());
    CHECK(two.app.metric("ping_socketio_lost") == 0);
}

TEST_CASE("socketio reconnect: who says goodbye, logs out or closes the page has not lost anything",
          "[socketio]") {
    SocketIoPeople two;
    auto bo = confirmed(two);
    SECTION("goodbye") {
        bo.say_goodbye();
    }
    SECTION("the page is closed") {
        bo.socket().close(1001);
    }
    two.wait_for(0);
    CHECK(two.app.metric("ping_socketio_lost") == 0);
    say(two, 1);
    auto back = two.connect(two.bo, firefox);
    CHECK(message_ids(back.pending()).empty());
}

TEST_CASE("socketio reconnect: a connection that is found to be lost after its device is back is made up for",
          "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = confirmed(two);
    static_cast<void>(bo.ask("joinChat", boost::json::value(two.chat)));
    // From here on Bo's side is dead, and the server does not know.
    const auto missed = say(two, 5);
    stay(two, ana, 5s);
    auto back = two.connect(two.bo, firefox);
    const auto live = say(two, 2);
    CHECK(take(back, 2) == live);
    SECTION("by its silence") {
        for (int second = 0; second < 45; ++second) {
            two.app.advance(1s);
            static_cast<void>(ana.pending());
            back.socket().send_text("3");
        }
    }
    SECTION("by its end, which comes late") {
        bo.socket().close(1000);
    }
    two.wait_for(2);
    CHECK(take(back, 5) == missed);
    static_cast<void>(two.say("joined"));
    bool is_seen = false;
    while (!is_seen) {
        const auto seen = ana.next("messagesSeen");
        is_seen = seen.at("seq").as_int64() == 8;
    }
    CHECK(message_ids(back.pending()).size() == 1);
}

TEST_CASE("socketio reconnect: who was cut off between two polls gets the missed messages first",
          "[socketio]") {
    SocketIoPeople two;
    auto bo = poll_as_bo(two);
    auto expected = say(two, 3);
    SECTION("the server has noticed") {
        two.app.advance(26s);
        CHECK(two.app.metric("ping_socketio_lost") == 1);
    }
    SECTION("it has not") {
        two.app.advance(2s);
    }
    auto back = poll_as_bo(two);
    expected.push_back(two.say("live"));
    const auto heard = back.wait_for(expected.back());
    std::size_t at = 0;
    for (const auto& id : expected) {
        at = heard.find("\"_id\":\"" + id, at);
        INFO(heard);
        REQUIRE(at != std::string::npos);
        CHECK(heard.find("\"_id\":\"" + id, at + 1) == std::string::npos);
    }
    CHECK(bo.poll() == R"({"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("socketio reconnect: another tab of the same browser goes on polling", "[socketio]") {
    SocketIoPeople two;
    auto tab = poll_as_bo(two);
    RawClient waiting(two.app.address());
    waiting.send("GET " + tab.target() + " HTTP/1.1\r\nHost: " + two.app.address() +
                 "\r\nAuthorization: Bearer " + two.bo.token + "\r\n\r\n");
    two.app.advance(3s);
    const auto other = poll_as_bo(two);
    two.app.advance(3s);
    const auto id = two.say("for both");
    const auto answer = waiting.read_answer();
    REQUIRE(answer);
    CHECK(answer->body.find(id) != std::string::npos);
}

TEST_CASE("socketio reconnect: a thousand missed messages do not overflow a reader's outbox", "[socketio]") {
    SocketIoPeople two([](ping::Config& config) { config.limits.messages_burst = 10'000; });
    auto bo = confirmed(two);
    bo.socket().cut();
    two.wait_for(0);
    Ids missed;
    auto ana = two.connect(two.ana);
    for (int i = 0; i < 1000; ++i) {
        const auto sent = ana.ask("sendMessage", {{"chatId", two.chat}, {"text", std::string(1000, 'm')}});
        missed.emplace_back(sent.at("message").at("_id").as_string());
    }
    auto back = two.connect(two.bo, firefox);
    CHECK(take(back, 1000) == missed);
}

TEST_CASE("T41: Socket.IO readers that stop are closed, others get all, and who comes back misses none",
          "[socketio][T41]") {
    constexpr std::size_t stopped = 20;
    SocketIoPeople two([](ping::Config& config) { config.limits.messages_burst = 10'000; });
    auto ana = two.connect(two.ana);
    auto reader = two.connect(two.bo, opera);
    std::vector<SocketIoClient> slow;
    for (std::size_t i = 0; i < stopped; ++i) {
        slow.push_back(two.connect(two.bo, firefox));
    }
    std::string text;  // the longest there is, because the kernel's buffers take megabytes
    for (int i = 0; i < 4000; ++i) {
        text += "\U0001F600";
    }
    Ids sent;
    double most = 0;
    while (two.app.metric("ping_connections") > 2) {
        REQUIRE(sent.size() < 1000);
        const auto answer = ana.ask("sendMessage", {{"chatId", two.chat}, {"text", text}});
        sent.emplace_back(answer.at("message").at("_id").as_string());
        REQUIRE(take(reader, 1).front() == sent.back());
        REQUIRE(take(ana, 1).front() == sent.back());
        most = std::max(most, two.app.metric("ping_outbox_bytes"));
    }
    CHECK(most > 0);
    CHECK(most <= stopped * 256 * 1024);
    CHECK(slow.front().wait_for_close().code == 4408);
    auto back = two.connect(two.bo, firefox);
    CHECK(take(back, sent.size()) == sent);
}
