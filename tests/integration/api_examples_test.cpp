// What config/api gives as examples is what a client can send, and every event it describes happens.
#include "integration/api_world.hpp"
#include "support/api_documents.hpp"
#include "support/event_description.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace ping::test;
using namespace std::chrono_literals;
using schema::Node;

namespace {

/// The operation's path with the examples of its parameters in it.
std::string target_of(std::string path, const Node& operation) {
    std::string query;
    const auto count = operation.has("parameters") ? operation.at("parameters").value().as_array().size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto parameter = operation.at("parameters").at(i);
        if (!parameter.has("example")) {
            continue;
        }
        const auto& example = parameter.at("example").value();
        const auto text =
            example.is_string() ? std::string(example.as_string()) : boost::json::serialize(example);
        const auto name = parameter.at("name").text();
        if (parameter.at("in").text() == "path") {
            path.replace(path.find("{" + name + "}"), name.size() + 2, text);
        } else {
            query += (query.empty() ? "?" : "&") + name + "=" + text;
        }
    }
    return path + query;
}

std::string body_of(const Node& operation) {
    if (!operation.has("requestBody")) {
        return {};
    }
    const auto content = operation.at("requestBody").resolved().at("content").at("application/json");
    return boost::json::serialize(content.at("example").value());
}

/// Sends the operation's example; the status.
int send_example(const std::string& method, const std::string& path, const Node& operation) {
    ApiWorld world;
    const auto target = world.translate(target_of(path, operation));
    auto& people = world.people();
    if (operation.at("responses").has("101")) {
        WsClient(people.app.address(), {}, target).close();
        return 101;
    }
    const bool is_open = operation.has("security");
    const auto& client = is_open ? people.app.client() : people.ana.api;
    const auto body = world.translate(body_of(operation));
    std::map<std::string, std::string> headers;
    if (!body.empty()) {
        headers.emplace("Content-Type", "application/json");
    }
    std::string verb = method;
    std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return std::toupper(c); });
    return client.request(verb, target, headers, body).status;
}

Node message_of(const std::string& event) {
    return api_documents().root("asyncapi.json").at("components").at("messages").at(event);
}

/// A socket from its first event on, and the names of all that came.
class Listener {
public:
    Listener(const TestApp& app, const TestApp::Person& person)
        : socket_(app.address(), {{"Authorization", "Bearer " + person.token}}) {}

    WsClient& socket() { return socket_; }
    /// Says it and waits until it is done.
    void say(const std::string& event, const boost::json::value& data) {
        socket_.send(event, data, 1);
        for (auto frame = socket_.receive(); !frame.as_object().contains("ack"); frame = socket_.receive()) {
            note(std::string(frame.at("event").as_string()));
        }
    }
    void note_pending() {
        for (const auto& name : pending_names(socket_)) {
            note(name);
        }
    }
    void note(const std::string& name) { names_.insert(name); }
    const std::set<std::string>& names() const { return names_; }

private:
    WsClient socket_;
    std::set<std::string> names_;
};

}  // namespace

TEST_CASE("api: each operation's example is answered with a success that is described",
          "[integration][api]") {
    const auto paths = api_documents().root("openapi.json").at("paths");
    for (const auto& path : paths.keys()) {
        for (const auto& method : paths.at(path).keys()) {
            const auto status = send_example(method, path, paths.at(path).at(method));
            INFO(method << " " << path << " -> " << status);
            CHECK(status < 300);
        }
    }
}

TEST_CASE("api: each event's example is accepted", "[integration][api]") {
    ApiWorld world;
    auto& people = world.people();
    for (const auto& event : EventDescription("native").client_events()) {
        INFO(event);
        const auto example = message_of(event).at("examples").at(0).at("payload").value();
        const auto data = boost::json::parse(world.translate(boost::json::serialize(example)));
        WsClient socket(people.app.address());
        if (event != "auth") {
            socket.log_in(people.ana.token);
        }
        CHECK_NOTHROW(ask(socket, event, data));
    }
}

TEST_CASE("api: each event of the server that is described happens", "[integration][api]") {
    TestApp app;
    const auto ana = app.log_in("ana@example.com");
    const auto bo = app.log_in("bo@example.com");
    Listener at_ana(app, ana);
    at_ana.note_pending();
    Listener at_bo(app, bo);
    at_bo.note_pending();
    const auto chat = app.new_chat(ana, bo);
    const boost::json::value in_chat{{"chatId", chat}};
    const boost::json::value mark{{"chatId", chat}, {"seq", 1}};
    at_ana.say("sendMessage", {{"chatId", chat}, {"text", "Hello Bo!"}});
    at_bo.say("delivered", mark);
    at_bo.say("seen", mark);
    at_ana.say("joinChat", boost::json::value(chat));
    at_bo.say("typing", in_chat);
    at_bo.say("stopTyping", in_chat);
    constexpr int more_than_there_are = 5;
    at_ana.say("resume", {{"chats", {{chat, more_than_there_are}}}});
    at_ana.socket().send("noSuchEvent", nullptr);
    REQUIRE(bo.api.post("/api/v1/update/user", {{"name", "Bo"}}).status == 200);
    app.advance(2s);  // presence is told at most once a second
    at_ana.note_pending();
    at_bo.note_pending();
    at_bo.socket().close();
    app.advance(2s);
    at_ana.note_pending();
    REQUIRE(ana.api.post("/api/v1/logout", boost::json::object()).status == 200);
    static_cast<void>(at_ana.socket().next("sessionEnded"));
    at_ana.note("sessionEnded");
    CHECK(at_ana.socket().wait_for_close() == 4401);

    auto seen = at_ana.names();
    seen.insert(at_bo.names().begin(), at_bo.names().end());
    const auto described = EventDescription("native").server_events();
    CHECK(seen == std::set<std::string>(described.begin(), described.end()));
}
