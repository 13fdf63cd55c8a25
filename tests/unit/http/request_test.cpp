#include "ping/http/request.hpp"

#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::http;

namespace {

Request make_json(std::string content_type, std::string body) {
    Request request;
    request.headers = {{"Content-Type", std::move(content_type)}};
    request.body = std::move(body);
    return request;
}

}  // namespace

TEST_CASE("request: headers are found in any case, the first one counts", "[http][request]") {
    Request request;
    request.headers = {{"X-One", "1"}, {"x-one", "2"}};
    CHECK(request.header("x-ONE") == "1");
    CHECK(request.header("x-two").empty());
}

TEST_CASE("request: query and path parameters by name", "[http][request]") {
    Request request;
    request.query_parameters = {{"a", "1"}, {"a", "2"}, {"b", ""}};
    request.path_parameters = {{"id", "7"}};
    CHECK(request.query("a") == "1");
    CHECK(request.query("b") == "");
    CHECK_FALSE(request.query("A").has_value());
    CHECK(request.param("id") == "7");
    CHECK(request.param("other").empty());
}

TEST_CASE("request: cookies by exact name", "[http][request]") {
    Request request;
    request.headers = {{"Cookie", "xa=0; a=1;b=2=3 ; a=9"}, {"cookie", "c=4"}};
    CHECK(request.cookie("a") == "1");
    CHECK(request.cookie("b") == "2=3");
    CHECK(request.cookie("c") == "4");
    CHECK(request.cookie("A").empty());
    CHECK(request.cookie("x").empty());
}

TEST_CASE("request: a JSON object is read, with or without a charset", "[http][request]") {
    for (const auto* type :
         {"application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"}) {
        const auto object = make_json(type, R"({"a":1})").json();
        REQUIRE(object.has_value());
        CHECK(object->at("a").as_int64() == 1);
    }
}

TEST_CASE("request: another content type is 415", "[http][request]") {
    for (const auto* type :
         {"", "text/plain", "application/jsonp", "application/x-www-form-urlencoded", "json"}) {
        const auto object = make_json(type, R"({"a":1})").json();
        REQUIRE(object.has_error());
        CHECK(object.error().code == ErrorCode::unsupported_media);
    }
}

TEST_CASE("T39: a body that is not a JSON object in UTF-8 is invalid", "[http][request]") {
    for (const auto* body : {"", "[]", "1", "null", "\"a\"", "{", "{\"a\":\"\xFF\"}", "{\"a\":\"\xC0\xAF\"}",
                             "{\"a\":\"\xED\xA0\x80\"}", "{\"a\":1,\"a\":2}"}) {
        INFO(body);
        const auto object = make_json("application/json", body).json();
        REQUIRE(object.has_error());
        CHECK(object.error().code == ErrorCode::invalid);
    }
}
