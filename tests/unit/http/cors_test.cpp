#include "http/middleware/cors.hpp"

#include "http/response_head.hpp"
#include "unit/http/response_header.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::http;
using ping::test::header;

namespace {

Config::Server production() {
    Config::Server config;
    config.mode = Mode::production;
    config.public_url = "https://chat.example.com";
    config.cors_origins = {"https://app.example.com", "http://allowed.com:8080/"};
    return config;
}

Request from_origin(Method method, const std::string& origin) {
    Request request;
    request.method = method;
    request.headers = {{"Host", "chat.example.com"}, {"Origin", origin}};
    if (method == Method::options) {
        request.headers.emplace_back("Access-Control-Request-Method", "POST");
        request.headers.emplace_back("Access-Control-Request-Headers", "authorization,content-type");
    }
    return request;
}

}  // namespace

TEST_CASE("T27 T28: only listed origins and our own are allowed", "[http][cors]") {
    const Origins origins(production());
    const std::string host = "chat.example.com";
    for (const auto* origin :
         {"https://app.example.com", "http://allowed.com:8080", "https://chat.example.com"}) {
        INFO(origin);
        CHECK(origins.allow(origin, host));
        CHECK(origins.allow(origin, ""));
    }
    for (const auto* origin : {"",
                               "null",
                               "*",
                               "https://evil.com",
                               "https://app.example.com.evil.com",
                               "https://evil-app.example.com",
                               "https://app.example.com:8443",
                               "http://app.example.com",
                               "HTTPS://APP.EXAMPLE.COM",
                               "https://App.example.com",
                               "https://app.example.com/",
                               "https://app.example.com@evil.com",
                               "http://allowed.com",
                               "http://allowed.com:80800",
                               "http://chat.example.com",
                               "http://localhost:3000",
                               "http://127.0.0.1",
                               "file://",
                               "chat.example.com",
                               "https://chat.example.com.evil.com",
                               "wss://chat.example.com"}) {
        INFO(origin);
        CHECK_FALSE(origins.allow(origin, host));
    }
}

TEST_CASE("T28: any local port is allowed in development, and nothing that looks like one", "[http][cors]") {
    const Origins origins{Config::Server()};
    for (const auto* origin : {"http://localhost:3000", "http://localhost:5173", "http://localhost",
                               "http://127.0.0.1:8080", "http://127.0.0.1"}) {
        INFO(origin);
        CHECK(origins.allow(origin, "127.0.0.1:8080"));
    }
    for (const auto* origin :
         {"http://localhost.evil.com", "http://localhost:3000.evil.com",
          "http://localhost:", "http://localhost:a", "http://localhost:123456", "http://localhosts:3000",
          "http://127.0.0.1.evil.com", "http://127.0.0.10", "http://LOCALHOST:3000", "https://localhost:3000",
          "http://evil.com#localhost"}) {
        INFO(origin);
        CHECK_FALSE(origins.allow(origin, "127.0.0.1:8080"));
    }
}

TEST_CASE("T28: the host that the request names is our own origin", "[http][cors]") {
    const Origins origins{Config::Server()};
    CHECK(origins.allow("http://10.0.0.5:8080", "10.0.0.5:8080"));
    CHECK(origins.allow("https://10.0.0.5:8080", "10.0.0.5:8080"));
    CHECK_FALSE(origins.allow("http://10.0.0.5", "10.0.0.5:8080"));
    CHECK_FALSE(origins.allow("http://", ""));
}

TEST_CASE("T28: a star in the configuration allows nobody", "[http][cors]") {
    Config::Server config;
    config.mode = Mode::production;
    config.cors_origins = {"*"};
    const Origins origins(config);
    CHECK_FALSE(origins.allow("https://evil.com", "a"));
    CHECK_FALSE(origins.allow("null", "a"));
}

TEST_CASE("T28: origins by methods, an exact echo or no CORS header at all", "[http][cors]") {
    const Origins origins(production());
    for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                              Method::del, Method::options}) {
        for (const std::string origin : {"https://app.example.com", "https://evil.com", "null", "*"}) {
            const bool is_known = origin == "https://app.example.com";
            Response response;
            add_cors_headers(response, from_origin(method, origin), origins);
            CHECK(header(response, "Vary") == "Origin");
            CHECK(header(response, "Access-Control-Allow-Origin") == (is_known ? origin : ""));
            CHECK(header(response, "Access-Control-Allow-Credentials") == (is_known ? "true" : ""));
        }
    }
}

TEST_CASE("T28: a preflight tells methods and headers to an allowed origin only", "[http][cors]") {
    const Origins origins(production());
    const auto known = from_origin(Method::options, "https://app.example.com");
    CHECK(is_preflight(known));
    const auto answer = preflight_response(known, origins, "GET, POST");
    CHECK(answer.status == 204);
    CHECK(header(answer, "Access-Control-Allow-Methods") == "GET, POST");
    CHECK(header(answer, "Access-Control-Allow-Headers") == "authorization,content-type");

    const auto foreign =
        preflight_response(from_origin(Method::options, "https://evil.com"), origins, "GET, POST");
    CHECK(foreign.status == 204);
    CHECK(foreign.headers.empty());
    CHECK_FALSE(is_preflight(from_origin(Method::get, "https://app.example.com")));
}
