#include "integration/two_people.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::test::ask;
using ping::test::pending_names;
using ping::test::TestApp;
using ping::test::TwoPeople;
using ping::test::wait_for_connections;
using ping::test::WsClient;

namespace {

using Names = std::vector<std::string>;

void send_message(TwoPeople& two, const TestApp::Person& sender, const std::string& text) {
    REQUIRE(sender.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", text}}).status == 201);
}

std::int64_t read_seq(const TestApp::Person& person) {
    return person.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat").at("readSeq").as_int64();
}

bool has_any(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Ana types on her phone, has a laptop too; Bo has the chat open.
struct Typists : TwoPeople {
    WsClient phone = connect(ana);
    WsClient laptop = connect(ana);
    WsClient bo_phone = connect(bo);

    Typists() {
        for (auto* const client : {&phone, &laptop, &bo_phone}) {
            ask(*client, "joinChat", boost::json::value(chat));
        }
    }
    boost::json::value in_chat() const { return {{"chatId", chat}}; }
    boost::json::value by_ana() const { return {{"chatId", chat}, {"userId", ana.id}}; }
};

}  // namespace

TEST_CASE("typing: is told to the member who has the chat open, not to the typist's devices",
          "[ws][typing]") {
    Typists s;
    auto bo_elsewhere = s.connect(s.bo);
    ask(s.phone, "typing", s.in_chat());
    CHECK(s.bo_phone.next("userTyping") == s.by_ana());
    ask(s.phone, "stopTyping", s.in_chat());
    CHECK(s.bo_phone.next("userStoppedTyping") == s.by_ana());
    for (auto* const client : {&s.phone, &s.laptop, &bo_elsewhere}) {
        const auto names = pending_names(*client);
        CHECK_FALSE(has_any(names, "userTyping"));
        CHECK_FALSE(has_any(names, "userStoppedTyping"));
    }
}

TEST_CASE("typing: stops by itself after 6 s, on send and on disconnect", "[ws][typing]") {
    Typists s;
    ask(s.phone, "typing", s.in_chat());
    CHECK(s.bo_phone.next("userTyping") == s.by_ana());
    SECTION("silence") {
        s.app.advance(5900ms);
        CHECK_FALSE(has_any(pending_names(s.bo_phone), "userStoppedTyping"));
        s.app.advance(200ms);
    }
    SECTION("sent by the same socket") {
        ask(s.phone, "sendMessage", {{"chatId", s.chat}, {"text", "there"}});
    }
    SECTION("sent by REST") {
        send_message(s, s.ana, "there");
    }
    SECTION("cut off") {
        s.phone.cut();
    }
    SECTION("logged out") {
        REQUIRE(s.ana.api.post("/api/v1/logout", boost::json::object()).status == 200);
    }
    CHECK(s.bo_phone.next("userStoppedTyping") == s.by_ana());
}

TEST_CASE("typing: a stop right behind a start is not overtaken by it", "[ws][typing]") {
    Typists s;
    for (int i = 0; i < 20; ++i) {
        s.phone.send("typing", s.in_chat());
        s.phone.send("stopTyping", s.in_chat());
        s.app.advance(1s);  // what was known of the members is too old then
    }
    ask(s.phone, "stopTyping", s.in_chat());
    int typing = 0;
    for (const auto& name : pending_names(s.bo_phone)) {
        typing += name == "userTyping" ? 1 : 0;
        typing -= name == "userStoppedTyping" ? 1 : 0;
    }
    CHECK(typing == 0);
}

TEST_CASE("T30: a stranger who joins a chat gets an error and hears nothing of it", "[ws][T30]") {
    Typists s;
    auto eve = s.connect(s.app.log_in("eve@example.com"));
    CHECK_THROWS_WITH(ask(eve, "joinChat", boost::json::value(s.chat)), "forbidden");
    CHECK_THROWS_WITH(ask(eve, "joinChat", boost::json::value(std::string(24, '0'))), "not_found");
    CHECK_THROWS_WITH(ask(eve, "typing", s.in_chat()), "forbidden");
    ask(eve, "stopTyping", s.in_chat());
    ask(s.phone, "typing", s.in_chat());
    send_message(s, s.ana, "for Bo");
    CHECK(s.bo_phone.next("userTyping") == s.by_ana());
    CHECK(s.bo_phone.next("userStoppedTyping") == s.by_ana());
    s.app.settle();
    const auto names = pending_names(eve);
    CHECK_FALSE(has_any(names, "userTyping"));
    CHECK_FALSE(has_any(names, "newMessage"));
    CHECK(s.phone.next("messagesSeen").at("seenBy") == boost::json::value(s.bo.id));
    CHECK_FALSE(has_any(pending_names(s.phone), "messagesSeen"));
}

TEST_CASE("T30: a forged userId in typing is ignored", "[ws][T30]") {
    Typists s;
    ask(s.phone, "typing", {{"chatId", s.chat}, {"userId", s.bo.id}});
    CHECK(s.bo_phone.next("userTyping") == s.by_ana());
    ask(s.phone, "stopTyping", {{"chatId", s.chat}, {"userId", s.bo.id}});
    CHECK(s.bo_phone.next("userStoppedTyping") == s.by_ana());
}

TEST_CASE("T30: a flood of typing is thinned to two a second and ends nobody's connection", "[ws][T30]") {
    Typists s;
    for (int i = 0; i < 200; ++i) {
        s.phone.send("typing", s.in_chat());
        s.phone.send("stopTyping", s.in_chat());
    }
    ask(s.phone, "stopTyping", s.in_chat());
    const auto names = pending_names(s.bo_phone);
    CHECK(std::count(names.begin(), names.end(), "userTyping") <= 2);
}

TEST_CASE("T29: a socket without a token hears nothing, whatever user its query names", "[ws][T29]") {
    TwoPeople two;
    auto victim = two.connect(two.ana);
    WsClient attacker(two.app.address(), {}, "/api/v1/ws?userId=" + two.ana.id);
    ask(victim, "joinChat", boost::json::value(two.chat));
    for (int i = 0; i < 100; ++i) {
        ask(victim, "sendMessage", {{"chatId", two.chat}, {"text", std::to_string(i)}});
        two.app.advance(45ms);
    }
    ask(victim, "typing", {{"chatId", two.chat}});
    two.app.advance(600ms);
    const auto ending = attacker.read_to_end();
    CHECK(ending.close_code == 4401);
    CHECK(ending.messages == 0);
}

TEST_CASE("open chats: who looks at the chat has seen a message when it arrives", "[ws][seen]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    ask(bo, "joinChat", boost::json::value(two.chat));
    const auto sent = ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "one"}});
    const auto seen = ana.next("messagesSeen");
    CHECK(seen.at("seenBy") == boost::json::value(two.bo.id));
    CHECK(seen.at("messageIds").at(0) == sent.at("message").at("_id"));
    CHECK(seen.at("seq") == 1);
    CHECK(bo.next("unread").at("unseenCount") == 0);
    CHECK(read_seq(two.bo) == 1);
}

TEST_CASE("open chats: a burst of messages ends with all of them seen", "[ws][seen]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    ask(bo, "joinChat", boost::json::value(two.chat));
    for (int i = 0; i < 50; ++i) {
        ana.send("sendMessage", {{"chatId", two.chat}, {"text", std::to_string(i)}});
    }
    std::size_t seen = 0;
    while (seen < 50) {
        seen += ana.next("messagesSeen").at("messageIds").as_array().size();
    }
    CHECK(seen == 50);
    CHECK(read_seq(two.bo) == 50);
}

TEST_CASE("open chats: hidden, closed, left or lost is not seen", "[ws][seen]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    auto bo_laptop = two.connect(two.bo);
    ask(bo, "joinChat", boost::json::value(two.chat));
    SECTION("hidden") {
        ask(bo, "visibility", {{"visible", false}});
    }
    SECTION("left") {
        ask(bo, "leaveChat", boost::json::value(two.chat));
    }
    SECTION("left while joining") {
        bo.send("joinChat", boost::json::value(two.chat));
        ask(bo, "leaveChat", boost::json::value(two.chat));
    }
    SECTION("lost") {
        bo.cut();
        wait_for_connections(two.app, 2);
    }
    SECTION("logged out, on another device too") {
        REQUIRE(two.bo.api.post("/api/v1/logout", boost::json::object()).status == 200);
    }
    ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "one"}});
    // A second message, of which the mark would have come over the first.
    ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "two"}});
    CHECK_FALSE(has_any(pending_names(ana), "messagesSeen"));
    CHECK(two.ana.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat").at("peer").at("readSeq") ==
          0);
}

TEST_CASE("open chats: shown again, the next message is seen with those that came hidden", "[ws][seen]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    ask(bo, "joinChat", boost::json::value(two.chat));
    ask(bo, "visibility", {{"visible", false}});
    ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "one"}});
    ask(bo, "visibility", {{"visible", true}});
    ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "two"}});
    CHECK(ana.next("messagesSeen").at("messageIds").as_array().size() == 2);
}

TEST_CASE("open chats: the sender's own open chat moves nobody's mark", "[ws][seen]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    ask(ana, "joinChat", boost::json::value(two.chat));
    ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "one"}});
    ask(ana, "sendMessage", {{"chatId", two.chat}, {"text", "two"}});
    const auto names = pending_names(ana);
    CHECK_FALSE(has_any(names, "messagesSeen"));
    CHECK_FALSE(has_any(names, "unread"));
}

TEST_CASE("open chats: bad payloads are refused", "[ws]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    for (const auto& bad : {boost::json::value(nullptr), boost::json::value(5), boost::json::value("x"),
                            boost::json::value{{"chatId", two.chat}}}) {
        CHECK_THROWS_WITH(ask(ana, "joinChat", bad), "bad_data");
        CHECK_THROWS_WITH(ask(ana, "leaveChat", bad), "bad_data");
    }
    for (const auto& bad : {boost::json::value(nullptr), boost::json::value(two.chat)}) {
        CHECK_THROWS_WITH(ask(ana, "typing", bad), "bad_data");
        CHECK_THROWS_WITH(ask(ana, "stopTyping", bad), "bad_data");
        CHECK_THROWS_WITH(ask(ana, "visibility", bad), "bad_data");
    }
    CHECK_THROWS(ask(ana, "typing", boost::json::object()));
    CHECK_THROWS_WITH(ask(ana, "visibility", {{"visible", "yes"}}), "bad_data");
}
