#include "http/method.hpp"
#include "integration/two_people.hpp"
#include "ping/realtime/event_router.hpp"
#include "support/test_app.hpp"
#include "support/ws_client.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

// TRUST.md T24: who may touch what. Two tables name every route and every socket event and how a stranger
// would ask for another's things with it. A new route or event without a row fails here.

using ping::test::ApiAnswer;
using ping::test::TestApp;
using ping::test::WsClient;

namespace {

namespace http = ping::http;
namespace json = boost::json;

/// What belongs to a pair of people, and what a stranger would like to have.
struct Belongings {
    std::string chat;
    std::string session;  ///< of one of them
};

/// Ana and Bo talk, Cy and Dee talk, Eve knows nobody.
struct World {
    TestApp app{[](ping::Config& config) { config.limits.per_ip = 0; }};
    std::array<TestApp::Person, 5> people{app.log_in("ana@example.com"), app.log_in("bo@example.com"),
                                          app.log_in("cy@example.com"), app.log_in("dee@example.com"),
                                          app.log_in("eve@example.com")};
    std::array<Belongings, 2> pairs{belongings(0, 1), belongings(2, 3)};

    /// The people who have no part in a pair's things.
    std::vector<const TestApp::Person*> strangers_to(std::size_t pair) const {
        const std::size_t other = 1 - pair;
        return {&people[2 * other], &people[2 * other + 1], &people[4]};
    }

    /// All that can be seen of the stored state: every person's own view.
    std::string state() const {
        std::string all;
        for (const auto& person : people) {
            for (const auto* const view : {"/api/v1/me", "/api/v1/chat/all", "/api/v1/me/sessions"}) {
                all += person.api.get(view).text;
            }
        }
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
            all += people[2 * pair].api.get("/api/v1/message/" + pairs[pair].chat + "?markSeen=false").text;
        }
        return all;
    }

private:
    Belongings belongings(std::size_t first, std::size_t second) {
        Belongings mine;
        const auto& one = people[first];
        mine.chat = app.new_chat(one, people[second]);
        for (const auto* const text : {"canary-one", "canary-two"}) {
            REQUIRE(one.api.post("/api/v1/message", {{"chatId", mine.chat}, {"text", text}}).status == 201);
        }
        const auto sessions = one.api.get("/api/v1/me/sessions");
        mine.session = sessions.json.at("sessions").at(0).at("sid").as_string();
        return mine;
    }
};

using Attempt = std::function<ApiAnswer(const TestApp::Person& stranger, const Belongings& victim)>;

struct RouteRow {
    http::Method method;
    std::string pattern;
    Attempt attempt;  ///< nothing: the route names no thing of another's
};

/// Every route that asks for a token.
std::vector<RouteRow> closed_routes() {
    using http::Method;
    const auto post = [](const std::string& path, const json::value& body, const TestApp::Person& who) {
        return who.api.post(path, body);
    };
    return {
        {Method::post, "/api/v1/logout", {}},
        {Method::post, "/api/v1/logout-all", {}},
        {Method::get, "/api/v1/me", {}},
        {Method::patch, "/api/v1/me", {}},
        {Method::post, "/api/v1/update/user", {}},
        {Method::get, "/api/v1/me/sessions", {}},
        {Method::del, "/api/v1/me/sessions/:sid",
         [](const auto& who, const auto& victim) {
             return who.api.request("DELETE", "/api/v1/me/sessions/" + victim.session, {}, {});
         }},
        {Method::get, "/api/v1/user/all", {}},  // everybody may see names: T12 says what of them
        {Method::get, "/api/v1/user/:id", {}},
        {Method::post, "/api/v1/chat/new", {}},
        {Method::get, "/api/v1/chat/all", {}},
        {Method::post, "/api/v1/message",
         [post](const auto& who, const auto& victim) {
             return post("/api/v1/message", {{"chatId", victim.chat}, {"text", "intruder"}}, who);
         }},
        {Method::get, "/api/v1/message/:chatId",
         [](const auto& who, const auto& victim) { return who.api.get("/api/v1/message/" + victim.chat); }},
        {Method::post, "/api/v1/chat/:chatId/seen",
         [post](const auto& who, const auto& victim) {
             return post("/api/v1/chat/" + victim.chat + "/seen", {{"seq", 2}}, who);
         }},
    };
}

/// What a stranger gets for naming another's chat.
enum class Answer {
    refused,  ///< an error
    empty,    ///< there is nothing to leave or to stop, and nothing to resume: nothing of the chat
};

struct EventRow {
    std::function<json::value(const Belongings& victim)>
        payload;  ///< nothing: it names no thing of another's
    Answer answer = Answer::refused;
};

/// Every event that a client may say.
std::map<std::string, EventRow> socket_events() {
    const auto chat_id = [](const Belongings& victim) { return json::value(victim.chat); };
    const auto with_chat = [](const Belongings& victim) { return json::value{{"chatId", victim.chat}}; };
    const auto with_seq = [](const Belongings& victim) {
        return json::value{{"chatId", victim.chat}, {"seq", 2}};
    };
    const auto message = [](const Belongings& victim) {
        return json::value{{"chatId", victim.chat}, {"text", "intruder"}};
    };
    const auto from_start = [](const Belongings& victim) {
        return json::value{{"chats", {{victim.chat, 0}}}};
    };
    return {{"joinChat", {chat_id}},    {"leaveChat", {chat_id, Answer::empty}},
            {"typing", {with_chat}},    {"stopTyping", {with_chat, Answer::empty}},
            {"sendMessage", {message}}, {"seen", {with_seq}},
            {"delivered", {with_seq}},  {"resume", {from_start, Answer::empty}},
            {"visibility", {}}};
}

std::string name_of(http::Method method, const std::string& pattern) {
    return std::string(http::to_text(method)) + " " + pattern;
}

/// A path of the route's shape whose ids are nobody's.
std::string any_path(const std::string& pattern) {
    std::string path = pattern;
    for (auto colon = path.find(':'); colon != std::string::npos; colon = path.find(':')) {
        path.replace(colon, path.find('/', colon) - colon, "0123456789abcdef01234567");
    }
    return path;
}

}  // namespace

TEST_CASE("T24: every closed route and every socket event is in the tables", "[auth][chats]") {
    TestApp app;
    std::set<std::string> known;
    for (const auto& row : closed_routes()) {
        known.insert(name_of(row.method, row.pattern));
    }
    for (const auto& route : app.router().routes()) {
        if (route.options.auth == http::Auth::required) {
            INFO(name_of(route.method, route.pattern));
            CHECK(known.erase(name_of(route.method, route.pattern)) == 1);
        }
    }
    CHECK(known.empty());
    const auto events = socket_events();
    for (const auto& event : app.events().names()) {
        INFO(event);
        CHECK(events.contains(event));
    }
    CHECK(events.size() == app.events().names().size());
}

TEST_CASE("T24: nobody gets at another's things on any route, and trying changes nothing", "[auth][chats]") {
    const World world;
    const auto before = world.state();
    for (std::size_t pair = 0; pair < world.pairs.size(); ++pair) {
        for (const auto* const stranger : world.strangers_to(pair)) {
            for (const auto& row : closed_routes()) {
                if (!row.attempt) {
                    continue;
                }
                INFO(name_of(row.method, row.pattern) << " by " << stranger->id);
                const auto answer = row.attempt(*stranger, world.pairs[pair]);
                CHECK((answer.status == 403 || answer.status == 404));
                CHECK(answer.text.find("canary") == std::string::npos);
            }
        }
    }
    CHECK(world.state() == before);
}

TEST_CASE("T24: without a valid token every closed route answers 401, and nothing changes", "[auth]") {
    const World world;
    const auto before = world.state();
    for (const auto& row : closed_routes()) {
        for (const auto* const token : {"", "not-a-token"}) {
            INFO(name_of(row.method, row.pattern));
            const auto answer = world.app.client(token).request(std::string(http::to_text(row.method)),
                                                                any_path(row.pattern), {}, {});
            CHECK(answer.status == 401);
        }
    }
    CHECK(world.state() == before);
}

TEST_CASE("T24: nobody gets at another's chat by any socket event, and trying changes nothing",
          "[chats][realtime]") {
    World world;
    WsClient victim(world.app.address());
    victim.log_in(world.people[0].token);
    static_cast<void>(ping::test::ask(victim, "joinChat", json::value(world.pairs[0].chat)));
    static_cast<void>(ping::test::pending_events(victim));
    const auto before = world.state();
    for (const auto* const stranger : world.strangers_to(0)) {
        WsClient socket(world.app.address());
        socket.log_in(stranger->token);
        std::int64_t ack = 0;
        for (const auto& [event, row] : socket_events()) {
            if (!row.payload) {
                continue;
            }
            socket.send(event, row.payload(world.pairs[0]), ++ack);
            const auto answer = socket.acknowledgement(ack);
            const auto text = json::serialize(answer);
            INFO(event << " by " << stranger->id << ": " << text);
            CHECK(answer.as_object().contains("error") == (row.answer == Answer::refused));
            CHECK(text.find("canary") == std::string::npos);
            CHECK(text.find("Seq") == std::string::npos);
        }
    }
    for (const auto& event : ping::test::pending_events(victim)) {
        const auto name = event.at("event").as_string();
        INFO(json::serialize(event));
        // That strangers are online may be known; that one types or has read something here may not.
        CHECK((name == "userOnline" || name == "userOffline" || name == "getOnlineUser"));
    }
    CHECK(world.state() == before);
}
