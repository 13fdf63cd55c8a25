// T12: nobody learns from any answer what belongs to another person alone.
#include "support/test_app.hpp"
#include "support/ws_client.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace ping::test;

namespace {

/// The route's path with every parameter replaced by an id.
std::string fill(std::string pattern, const std::string& user, const std::string& chat) {
    for (auto colon = pattern.find(':'); colon != std::string::npos; colon = pattern.find(':')) {
        const auto end = std::min(pattern.find('/', colon), pattern.size());
        const auto name = pattern.substr(colon + 1, end - colon - 1);
        pattern.replace(colon, end - colon, name == "chatId" ? chat : user);
    }
    return pattern;
}

}  // namespace

TEST_CASE("T12: no answer to one person holds another's e-mail address", "[auth][users][chats]") {
    TestApp app;
    const auto ana = app.log_in("canary.ana@example.com");
    const auto bo = app.log_in("bo@example.com");
    const auto chat = app.new_chat(ana, bo);
    WsClient socket(app.address());
    socket.log_in(bo.token);
    REQUIRE(ana.api.post("/api/v1/message", {{"chatId", chat}, {"text", "hello"}}).status == 201);
    const auto event = boost::json::serialize(socket.next("newMessage"));
    CHECK(event.find("hello") != std::string::npos);
    CHECK(event.find("canary") == std::string::npos);

    int seen = 0;
    for (const auto& route : app.router().routes()) {
        // The dev mailbox is there to show mails.
        if (route.method != ping::http::Method::get || route.pattern.starts_with("/dev/")) {
            continue;
        }
        const auto answer = bo.api.get(fill(route.pattern, ana.id, chat));
        CAPTURE(route.pattern, answer.text);
        CHECK(answer.text.find("canary.ana@") == std::string::npos);
        ++seen;
    }
    CHECK(seen >= 8);
    const auto made = bo.api.post("/api/v1/chat/new", {{"otherUserId", ana.id}});
    const auto sent = bo.api.post("/api/v1/message", {{"chatId", chat}, {"text", "hi"}});
    const auto seen_now = bo.api.post("/api/v1/chat/" + chat + "/seen", {{"seq", 1}});
    const auto found = bo.api.get("/api/v1/user/all?search=canary");
    REQUIRE(found.json.as_array().size() == 1);
    CHECK((made.text + sent.text + seen_now.text + found.text).find("@example.com") == std::string::npos);
    CHECK_FALSE(found.json.at(0).as_object().contains("role"));
    CHECK(ana.api.get("/api/v1/me").json.at("email") == "canary.ana@example.com");
}

TEST_CASE("T12: lists and people are for those who are logged in", "[auth][users]") {
    TestApp app;
    const auto ana = app.log_in("ana@example.com");
    CHECK(app.client().get("/api/v1/user/all").status == 401);
    CHECK(app.client().get("/api/v1/user/" + ana.id).status == 401);
    CHECK(app.client().get("/api/v1/me/sessions").status == 401);
}
