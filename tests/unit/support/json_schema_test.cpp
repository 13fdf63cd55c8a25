#include "support/json_schema.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace ping::test;

namespace {

using Complaints = std::vector<std::string>;

schema::Library library(const std::string& document) {
    schema::Library library;
    library.add("a.json", boost::json::parse(document));
    return library;
}

Complaints check(const std::string& schema, const std::string& instance) {
    const auto documents = library(schema);
    return schema::check(documents.root("a.json"), boost::json::parse(instance));
}

bool fits(const std::string& schema, const std::string& instance) {
    return check(schema, instance).empty();
}

}  // namespace

TEST_CASE("json schema: types", "[support]") {
    const std::vector<std::pair<std::string, std::string>> good{
        {"null", "null"},  {"boolean", "true"}, {"object", "{}"}, {"array", "[]"},   {"string", "\"\""},
        {"number", "1.5"}, {"number", "1"},     {"integer", "1"}, {"integer", "2.0"}};
    for (const auto& [type, instance] : good) {
        INFO(type << " " << instance);
        CHECK(fits(R"({"type": ")" + type + "\"}", instance));
    }
    CHECK_FALSE(fits(R"({"type": "integer"})", "1.5"));
    CHECK_FALSE(fits(R"({"type": "string"})", "null"));
    CHECK_FALSE(fits(R"({"type": "object"})", "[]"));
}

TEST_CASE("json schema: a field that is not described, or missing, or wrong far below", "[support]") {
    const std::string schema = R"({"type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b/c": {"type": "integer"}}}}}})";
    CHECK(check(schema, R"({"a": [{"b/c": 1}]})").empty());
    CHECK(check(schema, "{}") == Complaints{"/: a is missing"});
    CHECK(check(schema, R"({"a": [], "x": 1})") == Complaints{"/: x is not described"});
    CHECK(check(schema, R"({"a": [{"b/c": 1}, {"b/c": "x"}]})") ==
          Complaints{R"(/a/1/b~1c: "x" is not of type integer)"});
}

TEST_CASE("json schema: maps, whose names have a form too", "[support]") {
    const std::string schema =
        R"({"propertyNames": {"pattern": "^[a-z]$"}, "additionalProperties": {"type": "integer"}})";
    CHECK(fits(schema, R"({"a": 1, "b": 2})"));
    CHECK_FALSE(fits(schema, R"({"a": "x"})"));
    CHECK_FALSE(fits(schema, R"({"A": 1})"));
}

TEST_CASE("json schema: constants and alternatives", "[support]") {
    CHECK(fits(R"({"const": 0})", "0"));
    CHECK_FALSE(fits(R"({"const": 0})", "1"));
    CHECK(fits(R"({"enum": ["a", null]})", "null"));
    CHECK_FALSE(fits(R"({"enum": ["a", null]})", R"("b")"));
    const std::string either = R"({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}]})";
    CHECK(fits(either, "1"));
    CHECK(fits(either, "5.5"));
    CHECK_FALSE(fits(either, "5"));  // both
    CHECK_FALSE(fits(either, "0.5"));
}

TEST_CASE("json schema: bounds and forms, which count code points and concern one type only", "[support]") {
    CHECK(fits(R"({"minimum": 0, "maximum": 2})", "2"));
    CHECK_FALSE(fits(R"({"minimum": 0})", "-1"));
    CHECK_FALSE(fits(R"({"maximum": 2})", "3"));
    CHECK(fits(R"({"minLength": 2, "maxLength": 2})", "\"\u00e4\U0001F600\""));
    CHECK_FALSE(fits(R"({"minLength": 3})", "\"\u00e4\U0001F600\""));
    CHECK_FALSE(fits(R"({"maxLength": 1})", "\"\u00e4\U0001F600\""));
    CHECK(fits(R"({"minItems": 1})", "[0]"));
    CHECK_FALSE(fits(R"({"minItems": 1})", "[]"));
    CHECK(
        fits(R"({"minLength": 3, "minItems": 1, "minimum": 9, "pattern": "x", "required": ["a"]})", "true"));
    CHECK(fits(R"({"pattern": "^[0-9a-f]{2}$"})", R"("0f")"));
    CHECK_FALSE(fits(R"({"pattern": "^[0-9a-f]{2}$"})", R"("0g")"));
}

TEST_CASE("json schema: times are in UTC", "[support]") {
    const std::string schema = R"({"format": "date-time"})";
    CHECK(fits(schema, R"("2026-11-30T15:04:05.678Z")"));
    CHECK_FALSE(fits(schema, R"("2026-13-30T15:04:05.678Z")"));
    CHECK_FALSE(fits(schema, R"("2026-11-30T15:04:05.678+01:00")"));
    CHECK_FALSE(fits(schema, R"("30.11.2026")"));
    CHECK_THROWS_WITH(fits(R"({"format": "email"})", "\"a@b\""), Catch::Contains("date-time"));
}

TEST_CASE("json schema: references within a document and to another one", "[support]") {
    schema::Library documents;
    documents.add("a.json", boost::json::parse(R"({"one": {"$ref": "#/two"}, "two": {"$ref": "b.json#/x~1y"},
        "lost": {"$ref": "#/nowhere"}, "round": {"$ref": "#/about"}, "about": {"$ref": "#/round"}})"));
    documents.add("b.json", boost::json::parse(R"({"x/y": {"$ref": "#/z"}, "z": {"type": "integer"}})"));
    CHECK(schema::check(documents.find("a.json", "/one"), 1).empty());
    CHECK(schema::check(documents.find("a.json", "/one"), "x") ==
          Complaints{R"(/: "x" is not of type integer)"});
    CHECK(documents.find("a.json", "/one").resolved().place() == "b.json#/z");
    CHECK_THROWS_WITH(documents.find("a.json", "/lost").resolved(), Catch::Contains("nowhere"));
    CHECK_THROWS_WITH(documents.find("a.json", "/round").resolved(), Catch::Contains("circle"));
    CHECK_THROWS_WITH(documents.root("c.json"), Catch::Contains("c.json"));
}

TEST_CASE("json schema: what the checker does not know is an error, not nothing", "[support]") {
    CHECK_THROWS_WITH(check(R"({"uniqueItems": true})", "[]"), Catch::Contains("uniqueItems"));
    CHECK_THROWS_WITH(check(R"({"type": "text"})", "1"), Catch::Contains("text"));
    CHECK_THROWS_WITH(check(R"({"additionalProperties": true})", R"({"a": 1})"),
                      Catch::Contains("additionalProperties"));
    CHECK_THROWS_WITH(check("true", "1"), Catch::Contains("no object"));
    const auto documents = library(
        R"({"good": {"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": false},
            "below": {"oneOf": [{"items": {"properties": {"a": {"dependentRequired": {}}}}}]},
            "lost": {"properties": {"a": {"$ref": "#/nowhere"}}}})");
    CHECK_NOTHROW(schema::check_keywords(documents.find("a.json", "/good")));
    CHECK_THROWS_WITH(schema::check_keywords(documents.find("a.json", "/below")),
                      Catch::Contains("dependentRequired"));
    CHECK_THROWS_WITH(schema::check_keywords(documents.find("a.json", "/lost")), Catch::Contains("nowhere"));
}
