// The descriptions of the API (config/api) beside the tables of what is served, and by themselves.
#include "support/api_documents.hpp"

#include "http/method.hpp"
#include "support/api_description.hpp"
#include "support/event_description.hpp"
#include "support/json_schema.hpp"
#include "support/test_app.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace ping::test;
using schema::Node;

namespace {

using Names = std::set<std::string>;

Node openapi() {
    return api_documents().root("openapi.json");
}
Node asyncapi() {
    return api_documents().root("asyncapi.json");
}

void for_each_operation(
    const std::function<void(const std::string&, const std::string&, const Node&)>& function) {
    for (const auto& path : openapi().at("paths").keys()) {
        for (const auto& method : openapi().at("paths").at(path).keys()) {
            function(method, path, openapi().at("paths").at(path).at(method));
        }
    }
}

/// Where AsyncAPI describes what is said.
Names socket_addresses() {
    Names addresses;
    for (const auto& name : asyncapi().at("channels").keys()) {
        addresses.insert(asyncapi().at("channels").at(name).at("address").text());
    }
    return addresses;
}

/// `/chat/:chatId` as OpenAPI has it: `/chat/{chatId}`.
std::string as_template(std::string pattern) {
    for (auto colon = pattern.find(':'); colon != std::string::npos; colon = pattern.find(':')) {
        pattern.insert(std::min(pattern.find('/', colon), pattern.size()), "}");
        pattern[colon] = '{';
    }
    return pattern;
}

/// Pages and files for people, not for programs.
bool is_page(const std::string& pattern) {
    static const Names pages{"/", "/login", "/verify", "/mailbox", "/profile", "/chat/:chatId"};
    const bool is_client_file =
        pattern.find('/', 1) == std::string::npos && pattern.find('.') != std::string::npos;
    return pages.contains(pattern) || is_client_file || pattern.starts_with("/assets/") ||
           pattern.starts_with("/dev/");
}

/// Engine.IO's requests are no API that OpenAPI could describe: asyncapi.json has what travels by them.
bool is_socketio(const std::string& pattern) {
    return pattern.starts_with("/socket.io");
}

std::string lower(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return lower;
}

void for_each_node(const Node& node, const std::function<void(const Node&)>& function) {
    function(node);
    for (const auto& key : node.keys()) {
        for_each_node(node.at(key), function);
    }
    const auto* const array = node.value().if_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        for_each_node(node.at(i), function);
    }
}

/// Every schema that stands in a document outside of another schema.
std::vector<Node> schemas_of(const Node& document) {
    std::vector<Node> schemas;
    for_each_node(document, [&](const Node& node) {
        if (node.has("schema")) {
            schemas.push_back(node.at("schema"));
        } else if (node.has("payload") && node.has("summary")) {  // a message, not its example
            schemas.push_back(node.at("payload"));
        }
    });
    for (const auto& name : document.at("components").at("schemas").keys()) {
        schemas.push_back(document.at("components").at("schemas").at(name));
    }
    return schemas;
}

Names error_codes() {
    Names codes;
    const auto all = openapi().at("components").at("schemas").at("ErrorCode").at("oneOf");
    for (const auto& one : all.value().as_array()) {
        codes.emplace(one.at("const").as_string());
    }
    return codes;
}

/// All codes that stand in an `x-error-codes`, whether it is a list or one list per status.
void add_codes(const Node& codes, Names& all) {
    if (codes.value().is_array()) {
        for (const auto& code : codes.value().as_array()) {
            all.emplace(code.as_string());
        }
    }
    for (const auto& status : codes.keys()) {
        add_codes(codes.at(status), all);
    }
}

}  // namespace

TEST_CASE("api: every route is described, and every description has a route", "[integration][api]") {
    const TestApp app;
    const auto sockets = socket_addresses();
    Names served;
    for (const auto& route : app.router().routes()) {
        if (!is_page(route.pattern) && !sockets.contains(route.pattern) && !is_socketio(route.pattern)) {
            served.insert(lower(ping::http::to_text(route.method)) + " " + as_template(route.pattern));
        }
    }
    Names described;
    for_each_operation([&](const auto& method, const auto& path, const Node&) {
        if (!sockets.contains(path)) {
            described.insert(method + " " + path);
        }
    });
    CHECK(described == served);
}

TEST_CASE("api: every socket is described, and every event that it takes", "[integration][api]") {
    const TestApp app;
    Names sockets;
    for (const auto& upgrade : app.router().upgrades()) {
        sockets.insert(is_socketio(upgrade.pattern) ? "/socket.io/" : upgrade.pattern);
    }
    CHECK(socket_addresses() == sockets);

    const auto events = EventDescription("native").client_events();
    Names described(events.begin(), events.end());
    CHECK(described.erase("auth") == 1);  // the session's own
    const auto names = app.events().names();
    CHECK(described == Names(names.begin(), names.end()));

    const auto by_socketio = EventDescription("socketio").client_events();
    CHECK(described.erase("resume") == 1);  // for clients that ask for what they have missed
    CHECK(described == Names(by_socketio.begin(), by_socketio.end()));
}

TEST_CASE("api: all schemas are such that everything in them is checked", "[integration][api]") {
    for (const auto& document : {openapi(), asyncapi()}) {
        for (const auto& schema : schemas_of(document)) {
            CHECK_NOTHROW(schema::check_keywords(schema));
        }
        for_each_node(document, [](const Node& node) { CHECK_NOTHROW(node.resolved()); });
    }
}

TEST_CASE("api: all answers are closed: a field that is not described is noticed", "[integration][api]") {
    const auto require_closed = [](const Node& schema) {
        for_each_node(schema, [](const Node& node) {
            if (node.has("properties") && node.at("properties").value().is_object() && node.has("type")) {
                INFO(node.place());
                CHECK((node.has("additionalProperties") && node.at("additionalProperties").value() == false));
            }
        });
    };
    const Names requests{"NewMessage"};
    for (const auto& name : openapi().at("components").at("schemas").keys()) {
        if (!requests.contains(name)) {
            require_closed(openapi().at("components").at("schemas").at(name));
        }
    }
    require_closed(openapi().at("components").at("responses"));
    for_each_operation(
        [&](const auto&, const auto&, const Node& operation) { require_closed(operation.at("responses")); });
    const EventDescription native("native");
    for (const auto& name : asyncapi().at("components").at("messages").keys()) {
        const auto events = native.client_events();
        if (std::find(events.begin(), events.end(), name) == events.end()) {
            require_closed(asyncapi().at("components").at("messages").at(name).at("payload").resolved());
        }
    }
}

TEST_CASE("api: the examples are what the schemas beside them say", "[integration][api]") {
    std::size_t examples = 0;
    const auto require_fit = [&](const Node& schema, const Node& example) {
        INFO(example.place());
        CHECK(schema::check(schema, example.value()) == std::vector<std::string>());
        ++examples;
    };
    for_each_node(openapi(), [&](const Node& node) {
        if (node.has("example") && node.has("schema")) {
            require_fit(node.at("schema"), node.at("example"));
        }
    });
    for (const auto& name : asyncapi().at("components").at("messages").keys()) {
        const auto message = asyncapi().at("components").at("messages").at(name);
        require_fit(message.at("payload"), message.at("examples").at(0).at("payload"));
    }
    CHECK(examples > 60);
}

TEST_CASE("api: an operation names its error codes by the statuses it has, its parameters, and itself once",
          "[integration][api]") {
    Names ids;
    for_each_operation([&](const auto& method, const auto& path, const Node& operation) {
        INFO(method << " " << path);
        CHECK(ids.insert(operation.at("operationId").text()).second);
        if (operation.has("x-error-codes")) {
            for (const auto& status : operation.at("x-error-codes").keys()) {
                CHECK(operation.at("responses").has(status));
            }
        }
        const auto parameters =
            operation.has("parameters") ? operation.at("parameters").value().as_array().size() : 0;
        for (std::size_t i = 0; i < parameters; ++i) {
            const auto parameter = operation.at("parameters").at(i);
            const bool is_in_path = path.find("{" + parameter.at("name").text() + "}") != std::string::npos;
            CHECK(is_in_path == (parameter.at("in").text() == "path"));
        }
    });
}

TEST_CASE("api: every error code is explained, and answered by something", "[integration][api]") {
    Names used{"not_found", "method_not_allowed"};  // of paths and methods that there are not
    for (const auto& document : {openapi(), asyncapi()}) {
        for_each_node(document, [&](const Node& node) {
            if (node.has("x-error-codes")) {
                add_codes(node.at("x-error-codes"), used);
            }
        });
    }
    CHECK(used == error_codes());
}

TEST_CASE("api: the descriptions are served as they are in the source tree", "[integration][api]") {
    const TestApp app;
    for (const std::string name : {"openapi.json", "asyncapi.json"}) {
        const auto answer = app.client().get("/api/v1/" + name);
        CHECK(answer.status == 200);
        CHECK(answer.headers.at("content-type") == "application/json");
        CHECK(answer.json == api_documents().root(name).value());
        const auto again = app.client().request("GET", "/api/v1/" + name,
                                                {{"If-None-Match", answer.headers.at("etag")}}, {});
        CHECK(again.status == 304);
    }
}

TEST_CASE("api: the page runs nothing, asks nobody else, and has every operation and event",
          "[integration][api]") {
    const TestApp app;
    const auto page = app.client().get("/api/docs");
    CHECK(page.status == 200);
    CHECK(
        page.headers.at("content-security-policy") ==
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    for (const auto* const foreign : {"http://", "https://", "src=", "<script", "style=", "url("}) {
        INFO(foreign);
        CHECK(page.text.find(foreign) == std::string::npos);
    }
    CHECK(page.text.find("href=\"/api/docs.css\"") != std::string::npos);
    CHECK(app.client().get("/api/docs.css").status == 200);
    for_each_operation([&](const auto&, const auto&, const Node& operation) {
        const auto id = operation.at("operationId").text();
        INFO(id);
        CHECK(page.text.find("id=\"" + id + "\"") != std::string::npos);
        CHECK(page.text.find("href=\"#" + id + "\"") != std::string::npos);
    });
    const EventDescription native("native");
    auto events = native.client_events();
    const auto of_server = native.server_events();
    events.insert(events.end(), of_server.begin(), of_server.end());
    for (const auto& event : events) {
        INFO(event);
        CHECK(page.text.find("id=\"native-" + event + "\"") != std::string::npos);
    }
    for (const auto& name : openapi().at("components").at("schemas").keys()) {
        INFO(name);
        CHECK(page.text.find("id=\"shape-" + name + "\"") != std::string::npos);
    }
}
