// T10: a generated matrix of every route that changes something, each of its fields and every bad shape.
#include "support/database_file.hpp"
#include "support/test_app.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace ping::test;
using ping::http::Method;

namespace {

enum class Kind { text, optional_text, integer };

struct Field {
    std::string name;
    Kind kind;
    std::string good;  ///< as JSON
};

struct Target {
    std::string path;  ///< with real ids in it
    std::vector<Field> fields;
};

/// A chat, its people and a way to fill in a route's path.
struct World {
    TestApp app;
    TestApp::Person ana = app.log_in("ana@example.com");
    TestApp::Person bo = app.log_in("bo@example.com");
    std::string chat = app.new_chat(ana, bo);

    /// What every route that changes something reads from its body. A new route needs a row here.
    std::map<std::string, Target> targets() const {
        const std::string api = "/api/v1";
        const Field email{"email", Kind::text, R"("cy@example.com")"};
        const std::vector<Field> verify{
            email,
            {"otp", Kind::text, R"("123456")"},
            {"flowId", Kind::optional_text, R"("0123456789abcdef0123456789abcdef")"}};
        const std::vector<Field> rename{{"name", Kind::text, R"("Ana")"}};
        const std::string quoted_chat = "\"" + chat + "\"";
        return {
            {"POST /api/v1/login", {api + "/login", {email}}},
            {"POST /api/v1/loginUser", {api + "/loginUser", {email}}},
            {"POST /api/login", {"/api/login", {email}}},
            {"POST /api/v1/verify", {api + "/verify", verify}},
            {"POST /api/v1/verify-otp", {api + "/verify-otp", verify}},
            {"POST /api/v1/update/user", {api + "/update/user", rename}},
            {"PATCH /api/v1/me", {api + "/me", rename}},
            {"POST /api/v1/chat/new",
             {api + "/chat/new", {{"otherUserId", Kind::text, "\"" + bo.id + "\""}}}},
            {"POST /api/v1/message",
             {api + "/message",
              {{"chatId", Kind::text, quoted_chat},
               {"text", Kind::text, R"("hello")"},
               {"clientId", Kind::optional_text, R"("one")"}}}},
            {"POST /api/v1/chat/:chatId/seen",
             {api + "/chat/" + chat + "/seen", {{"seq", Kind::integer, "1"}}}},
            // These read no body.
            {"POST /api/v1/logout", {}},
            {"POST /api/v1/logout-all", {}},
            {"DELETE /api/v1/me/sessions/:sid", {}},
        };
    }
};

std::string method_of(const ping::http::Route& route) {
    switch (route.method) {
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::del:
            return "DELETE";
        default:
            return {};
    }
}

/// JSON values that are no fit value of the field.
std::vector<std::string> bad_values(const Field& field) {
    std::vector<std::string> values{"true",
                                    "false",
                                    "1.5",
                                    "1e400",
                                    "-9223372036854775809",
                                    "[]",
                                    R"([""])",
                                    "[" + field.good + "]",
                                    "{}",
                                    R"({"$ne":null})",
                                    R"({"$gt":""})",
                                    R"({"toString":"x"})",
                                    std::string(40, '[') + std::string(40, ']')};
    if (field.kind == Kind::integer) {
        values.insert(values.end(), {"null", R"("1")", R"("")", "-1", "9223372036854775808"});
    } else {
        values.insert(values.end(), {"0", "-1", "123456", "\"\xff\"", R"("\ud800")", "'x'"});
    }
    if (field.kind == Kind::text) {
        values.emplace_back("null");
    }
    return values;
}

std::string body_of(const std::vector<Field>& fields, const std::string& name, const std::string& value) {
    std::string body;
    for (const auto& field : fields) {
        body += (body.empty() ? "{" : ",") + ("\"" + field.name + "\":") +
                (field.name == name ? value : field.good);
    }
    return body + "}";
}

/// Every bad body for a route with these fields.
std::vector<std::string> bad_bodies(const std::vector<Field>& fields) {
    std::vector<std::string> bodies{"",   "null", "[]",      "5",        R"("x")", "{",
                                    "{}", "{]",   "{\"a\"}", "\xff\xfe", "[{}]",   std::string(100'000, '[')};
    for (const auto& field : fields) {
        for (const auto& value : bad_values(field)) {
            bodies.push_back(body_of(fields, field.name, value));
        }
        const auto good = body_of(fields, "", "");
        bodies.push_back(good.substr(0, good.size() - 1) + ",\"" + field.name + "\":" + field.good + "}");
    }
    return bodies;
}

}  // namespace

TEST_CASE("T10: every field of every route refuses every bad shape, and nothing is stored",
          "[auth][chats][users][codes]") {
    const World world;
    world.ana.api.post("/api/v1/message", {{"chatId", world.chat}, {"text", "the first"}});
    const DatabaseFile file(world.app.database_file());
    while (file.number("SELECT count(*) FROM jobs") > 0) {
        // The mail thread takes its finished jobs away.
    }
    const auto before = file.everything();
    auto* const redis = world.app.redis();
    const auto monitor = redis == nullptr ? nullptr : std::make_unique<RedisMonitor>(*redis);
    const auto targets = world.targets();
    int tried = 0;
    for (const auto& route : world.app.router().routes()) {
        const auto method = method_of(route);
        // What is not under /api takes no JSON: Engine.IO's packets have tests of their own.
        if (method.empty() || !route.pattern.starts_with("/api/")) {
            continue;
        }
        const auto name = method + " " + route.pattern;
        INFO(name);
        REQUIRE(targets.contains(name));
        const auto& target = targets.at(name);
        if (target.fields.empty()) {
            continue;
        }
        for (const auto& body : bad_bodies(target.fields)) {
            const auto answer =
                world.ana.api.request(method, target.path, {{"Content-Type", "application/json"}}, body);
            CAPTURE(body.substr(0, 200), answer.text);
            CHECK((answer.status == 400 || (answer.status == 413 && body.size() > 65'536)));
            CHECK_FALSE(answer.message().empty());
            ++tried;
        }
    }
    CHECK(tried > 300);
    CHECK(file.everything() == before);
    if (monitor) {
        CHECK(monitor->lines().empty());
    }
}

TEST_CASE("T10: ids and numbers in paths and queries are strictly read", "[auth][chats][users]") {
    const World world;
    const auto& api = world.ana.api;
    for (const std::string id :
         {"xyz", "5", "ffffffffffffffffffffffff0", "%7B%22$ne%22:null%7D", "FFFF", "..;", "null"}) {
        CAPTURE(id);
        CHECK(api.get("/api/v1/user/" + id).status == 400);
        CHECK(api.get("/api/v1/message/" + id).status == 400);
        CHECK(api.post("/api/v1/chat/" + id + "/seen", {{"seq", 1}}).status == 400);
        CHECK(api.request("DELETE", "/api/v1/me/sessions/" + id, {}, "").status == 400);
    }
    for (const std::string query : {"limit=0", "limit=201", "limit=-1", "limit=1.5", "limit=abc", "limit=",
                                    "limit=1e2", "limit=99999999999999999999", "before=x", "before=%00"}) {
        CAPTURE(query);
        CHECK(api.get("/api/v1/user/all?" + query).status == 400);
        CHECK(api.get("/api/v1/message/" + world.chat + "?" + query).status == 400);
    }
}
