// Who has seen what: over REST and sockets, on every device.
#include "integration/two_people.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace std::chrono_literals;
using boost::json::value;
using ping::test::TwoPeople;

namespace {

boost::json::value send(const ping::test::TestApp::Person& person, const std::string& chat,
                        const std::string& text) {
    const auto sent =
        person.api.post("/api/v1/message", {{"chatId", chat}, {"text", text}, {"clientId", text}});
    REQUIRE((sent.status == 201 || sent.status == 200));
    return sent.json.at("message");
}

}  // namespace

TEST_CASE("marks: who answers has read: the author's ticks, the other device's count, every answer",
          "[chats]") {
    TwoPeople two;
    const auto question = send(two.ana, two.chat, "question");
    auto ana = two.connect(two.ana);
    auto bo_laptop = two.connect(two.bo);
    two.app.advance(5s);
    CHECK(send(two.bo, two.chat, "answer").at("seen") == false);

    const auto seen = ana.next("messagesSeen");
    CHECK(seen.at("seenBy") == value(two.bo.id));
    CHECK(seen.at("messageIds") == boost::json::array{question.at("_id")});
    CHECK(seen.at("seq") == 2);
    const auto unread = bo_laptop.next("unread");
    CHECK(unread.at("chatId") == value(two.chat));
    CHECK(unread.at("unseenCount") == 0);
    CHECK(unread.at("readSeq") == 2);

    // The first message again, by its client id: what has become of it.
    const auto again = send(two.ana, two.chat, "question");
    CHECK(again.at("_id") == question.at("_id"));
    CHECK(again.at("seen") == true);
    const auto seen_at = again.at("seenAt");
    CHECK(seen_at != question.at("createdAt"));
    const auto page = two.ana.api.get("/api/v1/message/" + two.chat + "?markSeen=false").json.at("messages");
    CHECK(page.at(0).at("seenAt") == seen_at);
    CHECK(page.at(1).at("seen") == false);
    CHECK_FALSE(page.at(1).as_object().contains("seenAt"));
}

TEST_CASE("marks: HEAD, and what any site's page can make a browser ask, marks nothing", "[chats]") {
    TwoPeople two;
    send(two.ana, two.chat, "hello");
    const std::string target = "/api/v1/message/" + two.chat;
    const std::string cookie = "ping_session=" + two.bo.token;
    const auto unread = [&] {
        return two.bo.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat").at("unseenCount");
    };
    using Headers = std::map<std::string, std::string>;
    const auto ask = [&](Headers headers) {
        headers["Cookie"] = cookie;
        const auto answer = two.app.client().request("GET", target, headers, "");
        CHECK(answer.status == 200);
        CHECK(answer.json.at("messages").as_array().size() == 1);
    };
    SECTION("HEAD") {
        CHECK(two.bo.api.request("HEAD", target, {}, "").status == 200);
        CHECK(unread() == 1);
    }
    SECTION("a link, an image, a foreign script") {
        ask({});
        ask({{"Origin", "http://evil.example"}});
        ask({{"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Dest", "empty"}});
        ask({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Dest", "document"}});
        ask({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Dest", "image"}});
        CHECK(unread() == 1);
    }
    SECTION("our own page's script marks") {
        ask({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Dest", "empty"}});
        CHECK(unread() == 0);
    }
    SECTION("an allowed origin marks") {
        ask({{"Origin", "http://" + two.app.address()}});
        CHECK(unread() == 0);
    }
}

TEST_CASE("marks: no write for a mark that does not move, and a bound that honest clients do not meet",
          "[chats]") {
    TwoPeople two([](ping::Config& config) { config.limits.per_user = 20; });
    send(two.ana, two.chat, "hello");
    auto bo = two.connect(two.bo);
    const auto mark = [&](int ack) {
        bo.send("seen", {{"chatId", two.chat}, {"seq", 1}}, ack);
        return bo.acknowledgement(ack);
    };
    REQUIRE(mark(0).at("data").at("unseenCount") == 0);
    const auto writes = [&] {
        const auto text = two.app.client().get("/metrics").text;
        const std::string name = "\nping_db_group_jobs_total ";
        return std::stoll(text.substr(text.find(name) + name.size()));
    };
    const auto before = writes();
    for (int i = 1; i < 600; ++i) {
        REQUIRE(mark(i).at("data").at("readSeq") == 1);
    }
    CHECK(writes() == before);
    CHECK(mark(600).at("error").at("code") == "mark_limit");
    two.app.advance(1s);
    CHECK(mark(601).at("data").at("readSeq") == 1);
}
