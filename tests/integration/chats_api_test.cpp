#include "integration/two_people.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace std::chrono_literals;
using ping::test::TestApp;
using ping::test::TwoPeople;

TEST_CASE("chats: a pair has one chat, whoever asks", "[chats]") {
    TwoPeople two;
    const auto again = two.bo.api.post("/api/v1/chat/new", {{"otherUserId", two.ana.id}});
    CHECK(again.status == 200);
    CHECK(again.message() == "Chat already exitst");
    CHECK(again.json.at("chatId") == boost::json::value(two.chat));
    CHECK(two.ana.api.post("/api/v1/chat/new", {{"otherUserId", two.ana.id}}).status == 400);
    CHECK(two.ana.api.post("/api/v1/chat/new", {{"otherUserId", "ffffffffffffffffffffffff"}}).status == 404);
    const auto missing = two.ana.api.post("/api/v1/chat/new", boost::json::object());
    CHECK(missing.status == 400);
    CHECK(missing.message() == "Other userid is required");
}

TEST_CASE("chats: a message is stored, listed and read", "[chats]") {
    TwoPeople two;
    const auto sent = two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "hello 👋"}});
    REQUIRE(sent.status == 201);
    CHECK(sent.json.at("message").at("seq") == 1);
    CHECK(sent.json.at("message").at("seen") == false);
    CHECK(sent.json.at("sender") == boost::json::value(two.ana.id));

    const auto list = two.bo.api.get("/api/v1/chat/all");
    REQUIRE(list.status == 200);
    const auto& row = list.json.at("chats").at(0);
    CHECK(row.at("user").at("_id") == boost::json::value(two.ana.id));
    CHECK(row.at("chat").at("unseenCount") == 1);
    CHECK(row.at("chat").at("latestMessage").at("text") == "hello 👋");

    const auto peeked = two.bo.api.get("/api/v1/message/" + two.chat + "?markSeen=false");
    CHECK(peeked.json.at("messages").as_array().size() == 1);
    CHECK(two.bo.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat").at("unseenCount") == 1);

    const auto read = two.bo.api.get("/api/v1/message/" + two.chat);
    REQUIRE(read.status == 200);
    CHECK(read.json.at("user").at("_id") == boost::json::value(two.ana.id));
    CHECK(two.bo.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat").at("unseenCount") == 0);
    const auto own = two.ana.api.get("/api/v1/message/" + two.chat);
    CHECK(own.json.at("messages").at(0).at("seen") == true);
}

TEST_CASE("chats: a repeated client id returns the first message, with another text it is refused",
          "[chats]") {
    TwoPeople two;
    const boost::json::value body{{"chatId", two.chat}, {"text", "once"}, {"clientId", "c-1"}};
    const auto first = two.ana.api.post("/api/v1/message", body);
    const auto second = two.ana.api.post("/api/v1/message", body);
    CHECK(first.status == 201);
    CHECK(second.status == 200);
    CHECK(first.json.at("message").at("_id") == second.json.at("message").at("_id"));
    const auto other =
        two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "twice"}, {"clientId", "c-1"}});
    CHECK(other.status == 422);
    CHECK(two.ana.api.get("/api/v1/message/" + two.chat).json.at("messages").as_array().size() == 1);
    const auto by_header = two.ana.api.request(
        "POST", "/api/v1/message", {{"Content-Type", "application/json"}, {"Idempotency-Key", "c-1"}},
        R"({"chatId":")" + two.chat + R"(","text":"once"})");
    CHECK(by_header.status == 200);
    const auto not_text = two.ana.api.request(
        "POST", "/api/v1/message", {{"Content-Type", "application/json"}, {"Idempotency-Key", "\xff\xfe"}},
        R"({"chatId":")" + two.chat + R"(","text":"broken"})");
    CHECK(not_text.status == 400);
}

TEST_CASE("chats: history is paged by seq without gap or overlap", "[chats]") {
    TwoPeople two;
    for (int i = 1; i <= 7; ++i) {
        REQUIRE(
            two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", std::to_string(i)}}).status ==
            201);
    }
    const auto newest = two.bo.api.get("/api/v1/message/" + two.chat + "?limit=3&markSeen=false");
    CHECK(newest.json.at("messages").at(0).at("seq") == 5);
    CHECK(newest.json.at("hasMore") == true);
    const auto older = two.bo.api.get("/api/v1/message/" + two.chat + "?limit=3&before=5&markSeen=false");
    CHECK(older.json.at("messages").at(0).at("seq") == 2);
    CHECK(older.json.at("messages").at(2).at("seq") == 4);
    const auto after = two.bo.api.get("/api/v1/message/" + two.chat + "?after=5&markSeen=false");
    CHECK(after.json.at("messages").as_array().size() == 2);
    CHECK(after.json.at("hasMore") == false);
}

TEST_CASE("chats: a stranger reads nothing, writes nothing, changes nothing", "[chats]") {
    TwoPeople two;
    const auto eve = two.app.log_in("eve@example.com");
    REQUIRE(two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "secret"}}).status == 201);
    const auto before = two.bo.api.get("/api/v1/chat/all").text;
    const auto send = eve.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "hi"}});
    CHECK(send.status == 403);
    CHECK(send.message() == "You are not a participant of this chat");
    CHECK(eve.api.get("/api/v1/message/" + two.chat).status == 403);
    CHECK(eve.api.post("/api/v1/chat/" + two.chat + "/seen", {{"seq", 1}}).status == 403);
    CHECK(eve.api.get("/api/v1/chat/all").json.at("chats").as_array().empty());
    CHECK(two.bo.api.get("/api/v1/chat/all").text == before);
    const auto nowhere =
        eve.api.post("/api/v1/message", {{"chatId", "ffffffffffffffffffffffff"}, {"text", "hi"}});
    CHECK(nowhere.status == 404);
    CHECK(nowhere.message() == "Chat not found");
}

TEST_CASE("chats: bad input is a clear 4xx and stores nothing", "[chats]") {
    TwoPeople two;
    const auto post = [&](const boost::json::value& body) {
        return two.ana.api.post("/api/v1/message", body);
    };
    CHECK(post({{"text", "x"}}).message() == "ChatId Required");
    CHECK(post({{"chatId", two.chat}}).message() == "Either text or image is required");
    CHECK(post({{"chatId", two.chat}, {"text", ""}}).status == 400);
    CHECK(post({{"chatId", two.chat}, {"text", 5}}).status == 400);
    CHECK(post({{"chatId", 7}, {"text", "x"}}).status == 400);
    CHECK(post({{"chatId", "xyz"}, {"text", "x"}}).status == 400);
    CHECK(post({{"chatId", two.chat}, {"text", std::string(4001, 'x')}}).status == 400);
    CHECK(post({{"chatId", two.chat}, {"text", "x"}, {"clientId", ""}}).status == 400);
    CHECK(two.ana.api.get("/api/v1/message/" + two.chat + "?limit=0").status == 400);
    CHECK(two.ana.api.get("/api/v1/message/" + two.chat + "?before=x").status == 400);
    CHECK(two.ana.api.get("/api/v1/message/" + two.chat + "?before=3&after=1").status == 400);
    CHECK(two.ana.api.get("/api/v1/chat/all?before=nonsense").status == 400);
    CHECK(two.ana.api.get("/api/v1/message/" + two.chat).json.at("messages").as_array().empty());
    CHECK(post({{"chatId", two.chat}, {"text", std::string(4000, 'x')}}).status == 201);
}

TEST_CASE("chats: the newest chat is on top and pages meet", "[chats]") {
    TwoPeople two;
    const auto cy = two.app.log_in("cy@example.com");
    two.app.advance(1s);
    const auto other = two.app.new_chat(two.ana, cy);
    two.app.advance(1s);
    REQUIRE(two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "up"}}).status == 201);
    const auto first = two.ana.api.get("/api/v1/chat/all?limit=1");
    CHECK(first.json.at("chats").at(0).at("chat").at("_id") == boost::json::value(two.chat));
    CHECK(first.json.at("hasMore") == true);
    const std::string next(first.json.at("next").as_string());
    const auto second = two.ana.api.get("/api/v1/chat/all?limit=1&before=" + next);
    CHECK(second.json.at("chats").at(0).at("chat").at("_id") == boost::json::value(other));
    CHECK(second.json.at("hasMore") == false);
}

TEST_CASE("chats: T47 hostile text comes back as it was", "[chats][T47]") {
    TwoPeople two;
    const std::string text = "'\";-- \n \x1b[31m </script> \\ %s ${x} {{y}}";
    const auto sent = two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", text}});
    REQUIRE(sent.status == 201);
    const auto read = two.bo.api.get("/api/v1/message/" + two.chat);
    CHECK(read.json.at("messages").at(0).at("text") == boost::json::value(text));
}

TEST_CASE("chats: a user who sends too fast waits", "[chats]") {
    TestApp app([](ping::Config& config) { config.limits.per_user = 20; });
    const auto ana = app.log_in("ana@example.com");
    const auto bo = app.log_in("bo@example.com");
    const auto chat = app.new_chat(ana, bo);
    const auto send = [&] { return ana.api.post("/api/v1/message", {{"chatId", chat}, {"text", "x"}}); };
    for (int i = 0; i < 60; ++i) {
        REQUIRE(send().status == 201);
    }
    const auto refused = send();
    CHECK(refused.status == 429);
    CHECK(refused.headers.contains("retry-after"));
    app.advance(1s);
    CHECK(send().status == 201);
}

TEST_CASE("data survive a restart", "[chats]") {
    TwoPeople two;
    REQUIRE(two.ana.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "kept"}}).status == 201);
    two.app.restart();
    const auto read = two.app.client(two.bo.token).get("/api/v1/message/" + two.chat);
    REQUIRE(read.status == 200);
    CHECK(read.json.at("messages").at(0).at("text") == "kept");
}
