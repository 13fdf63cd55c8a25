#include "integration/socketio_people.hpp"

#include <catch2/catch.hpp>

// Ping's events over Socket.IO, as the family's clients speak them.

using namespace std::chrono_literals;
using ping::test::count;
using ping::test::message_ids;
using ping::test::SocketIoClient;
using ping::test::SocketIoPeople;

namespace {

using Names = std::vector<std::string>;

Names names(const std::vector<SocketIoClient::Heard>& events) {
    Names all;
    for (const auto& heard : events) {
        all.push_back(heard.event);
    }
    return all;
}

bool is_listed(const boost::json::value& list, const std::string& id) {
    const auto& ids = list.as_array();
    return std::find(ids.begin(), ids.end(), boost::json::value(id)) != ids.end();
}

}  // namespace

TEST_CASE("socketio chat: the list of who is online comes first", "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    const auto first = ana.next("getOnlineUser");
    CHECK(first.as_array().size() == 1);
    CHECK(is_listed(first, two.ana.id));
    auto bo = two.connect(two.bo);
    CHECK(is_listed(bo.next("getOnlineUser"), two.ana.id));
    two.app.advance(1100ms);
    CHECK(is_listed(ana.next("getOnlineUser"), two.bo.id));
}

TEST_CASE("socketio chat: a message comes once on each connection of both", "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto laptop = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    auto native = two.TwoPeople::connect(two.bo);
    const auto answer = ana.ask("sendMessage", {{"chatId", two.chat}, {"text", "hello"}});
    const auto id = std::string(answer.at("message").at("_id").as_string());
    CHECK(answer.at("message").at("text") == "hello");
    const auto by_rest = two.say("by REST");
    for (auto* const client : {&ana, &laptop, &bo}) {
        CHECK(message_ids(client->pending()) == Names{id, by_rest});
    }
    CHECK(native.next("newMessage").at("_id") == boost::json::value(id));
}

TEST_CASE("socketio chat: who has joined the chat sees at once", "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    CHECK(bo.ask("joinChat", boost::json::value(two.chat)).at("chatId") == boost::json::value(two.chat));
    const auto id = two.say("look");
    const auto seen = ana.next("messagesSeen");
    CHECK(seen.at("messageIds").at(0) == boost::json::value(id));
    CHECK(seen.at("seenBy") == boost::json::value(two.bo.id));
    static_cast<void>(bo.ask("leaveChat", boost::json::value(two.chat)));
    two.say("look again");
    two.app.settle();
    CHECK(count(ana.pending(), "messagesSeen") == 0);
}

TEST_CASE("socketio chat: what has been written to a client counts as delivered", "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    two.say("one");
    const auto delivered = ana.next("messagesDelivered");
    CHECK(delivered.at("userId") == boost::json::value(two.bo.id));
    CHECK(delivered.at("seq") == 1);
    two.say("two");
    two.say("three");
    static_cast<void>(bo.pending());
    two.app.advance(1300ms);
    CHECK(ana.next("messagesDelivered").at("seq") == 3);
    CHECK(count(ana.pending(), "messagesDelivered") == 0);
}

TEST_CASE("socketio chat: typing reaches who has the chat open, and ends by itself after six seconds",
          "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    auto elsewhere = two.connect(two.bo);
    static_cast<void>(bo.ask("joinChat", boost::json::value(two.chat)));
    ana.emit("typing", {{"chatId", two.chat}, {"userId", two.bo.id}});
    CHECK(bo.next("userTyping").at("userId") == boost::json::value(two.ana.id));
    SECTION("silence") {
        two.app.advance(6100ms);
    }
    SECTION("a message") {
        two.say("done");
    }
    SECTION("the end of the connection") {
        ana.socket().cut();
        two.wait_for(2);
    }
    CHECK(bo.next("userStoppedTyping").at("userId") == boost::json::value(two.ana.id));
    CHECK(count(elsewhere.pending(), "userTyping") == 0);
}

TEST_CASE("socketio chat: the packet of goodbye means offline at once, a break eight seconds of grace",
          "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    auto tab = two.connect(two.bo);
    two.app.advance(1100ms);
    CHECK(is_listed(ana.pending().back().data, two.bo.id));
    tab.say_goodbye();
    two.wait_for(2);
    two.app.advance(9s);
    CHECK(count(ana.pending(), "getOnlineUser") == 0);
    SECTION("goodbye") {
        bo.say_goodbye();
        two.wait_for(1);
    }
    SECTION("break") {
        bo.socket().cut();
        two.wait_for(1);
        two.app.advance(7s);
        CHECK(count(ana.pending(), "getOnlineUser") == 0);
        two.app.advance(1100ms);
    }
    two.app.advance(1100ms);
    CHECK_FALSE(is_listed(ana.next("getOnlineUser"), two.bo.id));
}

TEST_CASE("T30: over Socket.IO a stranger gets an error for joining, and nothing of the chat",
          "[socketio][T30]") {
    SocketIoPeople two;
    const auto eve_person = two.app.log_in("eve@example.com");
    auto bo = two.connect(two.bo);
    auto eve = two.connect(eve_person);
    static_cast<void>(bo.ask("joinChat", boost::json::value(two.chat)));
    CHECK(eve.ask("joinChat", boost::json::value(two.chat)).at("error").at("code") == "forbidden");
    CHECK(eve.ask("typing", {{"chatId", two.chat}, {"userId", two.ana.id}}).at("error").at("code") ==
          "forbidden");
    CHECK(eve.ask("sendMessage", {{"chatId", two.chat}, {"text", "hi"}}).at("error").at("code") ==
          "forbidden");
    eve.emit("joinChat",
             boost::json::value(two.chat));  // as the family's clients: without an acknowledgement
    CHECK(eve.next("error").at("code") == "forbidden");
    two.say("secret");
    for (const auto& name : names(eve.pending())) {
        CHECK(name == "getOnlineUser");
    }
    CHECK(count(bo.pending(), "userTyping") == 0);
}

TEST_CASE("T32: over Socket.IO with open_up_to 0 a stranger is told of nobody", "[socketio][presence][T32]") {
    SocketIoPeople two([](ping::Config& config) { config.presence.open_up_to = 0; });
    const auto eve_person = two.app.log_in("eve@example.com");
    auto eve = two.connect(eve_person);
    auto ana = two.connect(two.ana);
    CHECK(ana.next("getOnlineUser").as_array().size() == 1);
    auto bo = two.connect(two.bo);
    CHECK(bo.next("getOnlineUser").as_array().size() == 2);
    two.app.advance(1100ms);
    CHECK(is_listed(ana.next("getOnlineUser"), two.bo.id));
    for (const auto& [event, data] : eve.pending()) {
        CHECK(event == "getOnlineUser");
        CHECK(data == boost::json::value(boost::json::array{eve_person.id}));
    }
}

TEST_CASE("T38: bad arguments over Socket.IO are refused and the connection lives", "[socketio][T38]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    CHECK(ana.ask("sendMessage", boost::json::value(7)).at("error").at("code") == "bad_data");
    CHECK(ana.ask("sendMessage", {{"chatId", two.chat}, {"text", {1}}}).at("error").is_object());
    CHECK(ana.ask("sendMessage", {{"chatId", two.chat}, {"text", std::string(4001, 'x')}})
              .at("error")
              .is_object());
    ana.socket().send_text(R"(42["sendMessage",{"chatId":"a","chatId":"b"}])");
    ana.socket().send_text(R"(42["sendMessage"])");
    CHECK(ana.next("error").at("code") == "bad_json");
    CHECK(ana.next("error").at("code") == "bad_data");
    CHECK(ana.ask("resume", {{"chats", boost::json::object()}}).at("error").at("code") == "unknown_event");
    CHECK(ana.ask("sendMessage", {{"chatId", two.chat}, {"text", "fine"}}).at("message").is_object());
}

TEST_CASE("T35: a Socket.IO packet may have 64 KiB until its client is known, then a megabyte",
          "[socketio][T35]") {
    SocketIoPeople two;
    const auto padded = [](std::size_t size, const std::string& head, const std::string& tail) {
        return head + std::string(size - head.size() - tail.size(), 'x') + tail;
    };
    SECTION("before") {
        SocketIoClient client(two.app.address());
        client.socket().send_text(padded(64 * 1024 + 1, R"(40{"token":")", R"("})"));
        CHECK(client.wait_for_close().code == 1009);
    }
    SECTION("a megabyte after") {
        auto ana = two.connect(two.ana);
        ana.socket().send_text(padded(1'000'000, R"(42["noSuchEvent",{"a":")", R"("}])"));
        CHECK(ana.next("error").at("code") == "unknown_event");
    }
    SECTION("one byte more") {
        auto ana = two.connect(two.ana);
        ana.socket().send_text(padded(1'000'001, R"(42["noSuchEvent",{"a":")", R"("}])"));
        CHECK(ana.wait_for_close().code == 1009);
    }
}

TEST_CASE("socketio chat: a user has as many sockets as the limit says, of both kinds together",
          "[socketio]") {
    SocketIoPeople two([](ping::Config& config) { config.limits.per_user = 3; });
    auto first = two.connect(two.ana);
    auto native = two.TwoPeople::connect(two.ana);
    auto third = two.connect(two.ana);
    SocketIoClient fourth(two.app.address());
    const auto answer = fourth.connect({{"token", two.ana.token}});
    CHECK_FALSE(fourth.is_connected());
    CHECK(answer.at("data").at("code") == "too_many_requests");
    first.say_goodbye();
    two.wait_for(2);
    auto fifth = two.connect(two.ana);
    CHECK(fifth.is_connected());
}

TEST_CASE("socketio chat: the server's stop closes the sockets at once", "[socketio]") {
    SocketIoPeople two;
    auto ana = two.connect(two.ana);
    CHECK(two.app.stop());
    const auto ending = ana.wait_for_close();
    CHECK_FALSE(ending.was_told);  // the client shall come back
}
