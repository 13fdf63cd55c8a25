#include "app/api_docs_shapes.hpp"

#include "app/api_docs_html.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <string>

using namespace ping::app::docs;

namespace {

std::string shape(const std::string& schema) {
    return shape_html(boost::json::parse(schema));
}

}  // namespace

TEST_CASE("api page: a schema in one line", "[app]") {
    CHECK(shape(R"({"type": "string"})") == "string");
    CHECK(shape(R"({"type": "string", "minLength": 1, "maxLength": 50})") == "string (1 to 50 characters)");
    CHECK(shape(R"({"type": "integer", "minimum": 1})") == "integer (at least 1)");
    CHECK(shape(R"({"type": "integer", "maximum": 9})") == "integer (at most 9)");
    CHECK(shape(R"({"$ref": "openapi.json#/components/schemas/Id"})") == R"(<a href="#shape-Id">Id</a>)");
    CHECK(shape(R"({"type": "array", "items": {"type": "null"}})") == "list of null");
    CHECK(shape(R"({"enum": ["a", 1]})") == "<code>&quot;a&quot;</code> or <code>1</code>");
    CHECK(shape(R"({"oneOf": [{"type": "string"}, {"type": "null"}]})") == "string or null");
    CHECK(
        shape(
            R"({"type": "object", "properties": {"a": {"type": "string"}, "b": {"const": 0}}, "required": ["a"]})") ==
        "{ a: string, b?: <code>0</code> }");
    CHECK(
        shape(
            R"({"type": "object", "propertyNames": {"$ref": "#/Id"}, "additionalProperties": {"type": "integer"}})") ==
        R"({ [<a href="#shape-Id">Id</a>]: integer })");
    CHECK(shape(R"({"type": "object"})") == "object");
    CHECK(shape("{}") == "any");
}

TEST_CASE("api page: what a description says is text; backticks make code", "[app]") {
    CHECK(inline_html("a `b` & <c>") == "a <code>b</code> &amp; &lt;c&gt;");
    CHECK(inline_html("`a` `b`") == "<code>a</code> <code>b</code>");
    CHECK(inline_html("a `b") == "a <code>b</code>");
    CHECK(shape(R"({"$ref": "#/<script>"})") == R"(<a href="#shape-&lt;script&gt;">&lt;script&gt;</a>)");
    CHECK(shape(R"({"const": "<script>"})").find("<script>") == std::string::npos);
    CHECK(shape(R"({"type": "object", "properties": {"<script>": {}}})").find("<script>") ==
          std::string::npos);
}
