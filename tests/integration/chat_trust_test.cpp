// TRUST.md rows 43, 49 and 50 over real connections.
#include "integration/two_people.hpp"
#include "support/raw_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <deque>
#include <set>
#include <string>

using namespace std::chrono_literals;
using ping::test::RawClient;
using ping::test::TestApp;
using ping::test::TwoPeople;
using ping::test::WsClient;

namespace {

std::string post(const std::string& target, const std::string& token, const boost::json::value& body) {
    const auto text = boost::json::serialize(body);
    return "POST " + target + " HTTP/1.1\r\nHost: ping\r\nConnection: close\r\nAuthorization: Bearer " +
           token + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) +
           "\r\n\r\n" + text;
}

}  // namespace

TEST_CASE("T43: of 1000 sends 60 at once and 10 a second are stored, by whatever way", "[chats][T43]") {
    TwoPeople two([](ping::Config& config) { config.limits.per_user = 20; });
    auto phone = two.connect(two.ana);
    auto laptop = two.connect(two.ana);
    const boost::json::value message{{"chatId", two.chat}, {"text", "x"}};
    int stored = 0;
    int refused = 0;
    constexpr int steps = 10;
    for (int step = 0; step < steps; ++step) {
        for (int i = 0; i < 45; ++i) {
            phone.send("sendMessage", message, i);
            laptop.send("sendMessage", message, i);
        }
        for (auto* const client : {&phone, &laptop}) {
            // Refusals come first: they wait for no disk.
            for (int answered = 0; answered < 45;) {
                const auto answer = client->receive();
                if (!answer.as_object().contains("ack")) {
                    continue;
                }
                const auto* const error = answer.as_object().if_contains("error");
                CHECK((error == nullptr || error->at("code") == "message_limit"));
                ++(error == nullptr ? stored : refused);
                ++answered;
            }
        }
        for (int i = 0; i < 10; ++i) {
            const auto answer = two.ana.api.post("/api/v1/message", message);
            CHECK((answer.status == 201 || answer.headers.contains("retry-after")));
            ++(answer.status == 201 ? stored : refused);
        }
        two.app.advance(500ms);
    }
    constexpr double seconds = 0.5 * (steps - 1);  // between the first send and the last
    CHECK(stored == static_cast<int>(60 + 10 * seconds));
    CHECK(stored + refused == 1000);
    const auto rows = two.bo.api.get("/api/v1/message/" + two.chat).json.at("messages").as_array().size();
    CHECK(rows == static_cast<std::size_t>(stored));
    // Nobody was disconnected for it.
    CHECK(ping::test::ask(phone, "seen", {{"chatId", two.chat}, {"seq", 0}}).is_object());
    CHECK(ping::test::ask(laptop, "seen", {{"chatId", two.chat}, {"seq", 0}}).is_object());
}

TEST_CASE("T49: 200 parallel creations from both sides make one chat", "[chats][T49]") {
    TestApp app;
    const auto ana = app.log_in("ana@example.com");
    const auto bo = app.log_in("bo@example.com");
    constexpr int count = 200;
    std::deque<RawClient> clients;
    for (int i = 0; i < count; ++i) {
        const auto& [asks, asked] = i % 2 == 0 ? std::tie(ana, bo) : std::tie(bo, ana);
        clients.emplace_back(app.address());
        REQUIRE(clients.back().send(post("/api/v1/chat/new", asks.token, {{"otherUserId", asked.id}})));
    }
    int created = 0;
    std::set<std::string> ids;
    for (auto& client : clients) {
        const auto answer = client.read_answer();
        REQUIRE(answer);
        CHECK((answer->status == 201 || answer->status == 200));
        created += answer->status == 201 ? 1 : 0;
        ids.emplace(boost::json::parse(answer->body).at("chatId").as_string());
    }
    CHECK(created == 1);
    CHECK(ids.size() == 1);
    for (const auto* const person : {&ana, &bo}) {
        CHECK(person->api.get("/api/v1/chat/all").json.at("chats").as_array().size() == 1);
    }
    CHECK(ana.api.post("/api/v1/chat/new", {{"otherUserId", ana.id}}).status == 400);
    CHECK(ana.api.post("/api/v1/chat/new", {{"otherUserId", "ffffffffffffffffffffffff"}}).status == 404);
}

TEST_CASE("T50: connections that are cut after the send 1000 times: resent, every message is there once",
          "[chats][T50]") {
    TwoPeople two;
    constexpr int count = 1000;
    const auto message = [&](int i) {
        const auto id = "c-" + std::to_string(i);
        return boost::json::value{{"chatId", two.chat}, {"text", id}, {"clientId", id}};
    };
    for (int i = 0; i < count; ++i) {
        if (i % 2 == 0) {
            RawClient client(two.app.address());
            client.send(post("/api/v1/message", two.ana.token, message(i)));
            client.close();
        } else {
            auto client = two.connect(two.ana);
            client.send("sendMessage", message(i));
            client.cut();
        }
    }
    auto client = two.connect(two.ana);
    std::set<std::string> acknowledged;
    for (int i = 0; i < count; ++i) {
        const auto answer = ping::test::ask(client, "sendMessage", message(i));
        acknowledged.emplace(answer.at("message").at("_id").as_string());
    }
    CHECK(acknowledged.size() == count);
    const auto rows = two.bo.api.get("/api/v1/message/" + two.chat).json.at("messages").as_array();
    std::set<std::string> stored;
    std::set<std::string> client_ids;
    for (const auto& row : rows) {
        stored.emplace(row.at("_id").as_string());
        client_ids.emplace(row.at("clientId").as_string());
    }
    CHECK(rows.size() == count);
    CHECK(client_ids.size() == count);
    CHECK(stored == acknowledged);
    CHECK(rows.back().at("seq") == count);
}
