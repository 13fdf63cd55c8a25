// What a client hears of its chats while it is there, and gets when it comes back.
#include "integration/two_people.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using boost::json::value;
using ping::test::ask;
using ping::test::pending_events;
using ping::test::TestApp;
using ping::test::TwoPeople;
using ping::test::WsClient;

namespace {

void send(const TestApp::Person& person, const std::string& chat, const std::string& text) {
    REQUIRE(person.api.post("/api/v1/message", {{"chatId", chat}, {"text", text}}).status == 201);
}

value resume(WsClient& client, const std::string& chat, int last_seq) {
    boost::json::object chats;
    if (!chat.empty()) {
        chats[chat] = last_seq;
    }
    return ask(client, "resume", {{"chats", chats}});
}

value chat_in_list(const TestApp::Person& person) {
    return person.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat");
}

}  // namespace

TEST_CASE("resume: a device cut off for 100 messages gets exactly those", "[chats][resume]") {
    TwoPeople two;
    send(two.ana, two.chat, "before");
    auto bo = two.connect(two.bo);
    bo.cut();
    for (int i = 0; i < 100; ++i) {
        send(two.ana, two.chat, std::to_string(i));
    }
    auto again = two.connect(two.bo);
    const auto answer = resume(again, two.chat, 1);
    CHECK(answer.at("hasMore") == false);
    const auto& chat = answer.at("chats").at(two.chat);
    const auto& messages = chat.at("messages").as_array();
    REQUIRE(messages.size() == 100);
    for (int i = 0; i < 100; ++i) {
        CHECK(messages[static_cast<std::size_t>(i)].at("seq") == i + 2);
        CHECK(messages[static_cast<std::size_t>(i)].at("text") == value(std::to_string(i)));
    }
    CHECK(chat.at("readSeq") == 0);
    CHECK(chat.at("unseenCount") == 100);
    CHECK(chat.at("peer").at("readSeq") == 101);
    CHECK(chat.at("peer").at("deliveredSeq") == 101);
    CHECK(resume(again, two.chat, 101).at("chats").at(two.chat).at("messages").as_array().empty());
}

TEST_CASE("resume: a chat that cannot be caught up is a resync, and its row comes as chatUpdated",
          "[chats][resume]") {
    TwoPeople two;
    send(two.ana, two.chat, "one");
    auto bo = two.connect(two.bo);
    const auto answer = resume(bo, two.chat, 2);
    CHECK(answer.at("chats").at(two.chat) == value{{"resync", true}});
    bo.send("resume", {{"chats", {{two.chat, 2}}}});
    const auto row = bo.next("chatUpdated");
    CHECK(row.at("user").at("_id") == value(two.ana.id));
    CHECK(row.at("chat").at("lastSeq") == 1);
    CHECK(row.at("chat").at("unseenCount") == 1);
    CHECK(row.at("chat").at("latestMessage").at("text") == "one");
}

TEST_CASE("resume: a chat that was not named comes as chatCreated, to this connection alone",
          "[chats][resume]") {
    TwoPeople two;
    send(two.ana, two.chat, "one");
    auto phone = two.connect(two.bo);
    auto laptop = two.connect(two.bo);
    pending_events(phone);
    pending_events(laptop);
    phone.send("resume", {{"chats", boost::json::object()}}, 1);
    const auto row = phone.next("chatCreated");
    CHECK(row.at("chat") == chat_in_list(two.bo));
    CHECK(phone.acknowledgement(1).at("data").at("chats").as_object().empty());
    CHECK(pending_events(laptop).empty());
}

TEST_CASE("resume: what does not fit into half an outbox is left to the list, and the connection lives",
          "[chats][resume]") {
    TwoPeople two([](ping::Config& config) { config.limits.outbox_frames = 64; });
    for (int i = 0; i < 40; ++i) {
        two.app.new_chat(two.bo, two.app.log_in("p" + std::to_string(i) + "@example.com"));
    }
    auto bo = two.connect(two.bo);
    pending_events(bo);
    bo.send("resume", {{"chats", boost::json::object()}}, 1);
    int created = 0;
    auto frame = bo.receive();
    for (; !frame.as_object().contains("ack"); frame = bo.receive()) {
        created += frame.at("event") == "chatCreated" ? 1 : 0;
    }
    CHECK(created == 32);
    CHECK(frame.at("data").at("hasMore") == true);
}

TEST_CASE("T24: resume gives nothing of a chat of others, and bad input is refused", "[chats][resume][T24]") {
    TwoPeople two;
    send(two.ana, two.chat, "secret");
    const auto eve_person = two.app.log_in("eve@example.com");
    auto eve = two.connect(eve_person);
    pending_events(eve);
    const std::string nobodys = "ffffffffffffffffffffffff";
    for (const auto& id : {two.chat, nobodys}) {
        eve.send("resume", {{"chats", {{id, 0}}}}, 1);
        const auto frame = eve.receive();  // no event comes before it
        CHECK(frame.at("data").at("chats").at(id) == value{{"resync", true}});
    }
    CHECK_THROWS_WITH(ask(eve, "delivered", {{"chatId", two.chat}, {"seq", 1}}), "forbidden");
    CHECK_THROWS_WITH(ask(eve, "delivered", {{"chatId", nobodys}, {"seq", 1}}), "not_found");
    CHECK(chat_in_list(two.ana).at("peer").at("deliveredSeq") == 0);

    boost::json::object many;
    for (int i = 0; i < 201; ++i) {
        many[std::to_string(100'000 + i) + std::string(18, 'a')] = 0;
    }
    CHECK_THROWS_WITH(ask(eve, "resume", {{"chats", many}}), "too_many_chats");
    const std::vector<value> bad{nullptr,
                                 boost::json::object(),
                                 {{"chats", 5}},
                                 {{"chats", {{"x", 1}}}},
                                 {{"chats", {{nobodys, -1}}}},
                                 {{"chats", {{nobodys, "1"}}}}};
    for (const auto& data : bad) {
        CHECK_THROWS_WITH(ask(eve, "resume", data), "bad_data");
    }
}

TEST_CASE("delivered: the author hears it, stored once a second, and it is on disk after a stop", "[chats]") {
    TwoPeople two;
    send(two.ana, two.chat, "1");
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    const auto deliver = [&](int seq) { ask(bo, "delivered", {{"chatId", two.chat}, {"seq", seq}}); };
    deliver(1);
    const auto told = ana.next("messagesDelivered");
    CHECK(told == value{{"chatId", two.chat}, {"userId", two.bo.id}, {"seq", 1}});
    for (int seq = 2; seq <= 5; ++seq) {
        send(two.ana, two.chat, std::to_string(seq));
        deliver(seq);
    }
    CHECK(chat_in_list(two.ana).at("peer").at("deliveredSeq") == 1);
    two.app.advance(1300ms);
    CHECK(ana.next("messagesDelivered").at("seq") == 5);
    send(two.ana, two.chat, "6");
    deliver(6);
    two.app.restart();
    TestApp::Person ana_later{two.ana.id, two.ana.token, two.app.client(two.ana.token)};
    CHECK(chat_in_list(ana_later).at("peer").at("deliveredSeq") == 6);
    CHECK(chat_in_list(ana_later).at("peer").at("readSeq") == 0);
}

TEST_CASE("chats: a new chat appears at both, each with the other in it", "[chats][ws]") {
    TwoPeople two;
    const auto cy = two.app.log_in("cy@example.com");
    auto bo = two.connect(two.bo);
    auto cy_laptop = two.connect(cy);
    pending_events(bo);
    const auto chat = two.app.new_chat(cy, two.bo);
    const auto at_bo = bo.next("chatCreated");
    CHECK(at_bo.at("user").at("_id") == value(cy.id));
    CHECK(at_bo == two.bo.api.get("/api/v1/chat/all").json.at("chats").at(0));
    const auto at_cy = cy_laptop.next("chatCreated");
    CHECK(at_cy.at("user").at("_id") == value(two.bo.id));
    CHECK(at_cy.at("chat") == chat_in_list(cy));
    REQUIRE(two.app.new_chat(two.bo, cy) == chat);
    for (const auto& event : pending_events(bo)) {
        CHECK(event.at("event") != "chatCreated");
    }
}

TEST_CASE("users: a new name reaches those who share a chat, and one's own devices", "[users][ws]") {
    TwoPeople two([](ping::Config& config) { config.limits.per_user = 20; });
    const auto eve_person = two.app.log_in("eve@example.com");
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    auto eve = two.connect(eve_person);
    const auto rename = [&](const std::string& name) {
        return two.ana.api.post("/api/v1/update/user", {{"name", name}});
    };
    REQUIRE(rename("Ana Maria").status == 200);
    for (auto* const client : {&ana, &bo}) {
        const auto user = client->next("userUpdated");
        CHECK(user.at("_id") == value(two.ana.id));
        CHECK(user.at("name") == "Ana Maria");
        CHECK_FALSE(user.as_object().contains("email"));
    }
    for (const auto& event : pending_events(eve)) {
        CHECK(event.at("event") != "userUpdated");
    }
    for (int i = 0; i < 9; ++i) {
        REQUIRE(rename("Ana " + std::to_string(i)).status == 200);
    }
    CHECK(rename("Ana").status == 429);
}
