#include "app/api_docs_page.hpp"

#include "app/api_docs_events.hpp"
#include "app/api_docs_html.hpp"
#include "app/api_docs_shapes.hpp"
#include "ping/core/html.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cctype>

namespace ping::app::docs {
namespace {

namespace json = boost::json;

constexpr std::string_view page_head = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API - Ping</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header>
<h1>The API of Ping</h1>
)html";

constexpr std::string_view page_foot = "</main>\n</body>\n</html>\n";

std::string upper(std::string_view text) {
    std::string shown(text);
    std::ranges::transform(shown, shown.begin(), [](unsigned char c) { return std::toupper(c); });
    return shown;
}

/// Schema and example of what a request or an answer holds.
std::string content_html(const json::value& holder, std::string_view title) {
    const auto* const content = holder.as_object().if_contains("content");
    std::string html;
    if (content != nullptr) {
        for (const auto& [media, of] : content->as_object()) {
            html += " " + code(media) + ": " + shape_html(of.at("schema"));
            if (const auto* const example = of.as_object().if_contains("example")) {
                html += example_html(title, *example);
            }
        }
    }
    return html;
}

std::string parameters_html(const json::object& operation) {
    const auto* const parameters = operation.if_contains("parameters");
    std::string rows;
    if (parameters != nullptr) {
        for (const auto& one : parameters->as_array()) {
            rows += row_html(code(one.at("name").as_string()) + " in " + text_of(one, "in"),
                             shape_html(one.at("schema")) + ". " + text_of(one, "description"));
        }
    }
    return table_html("Parameter", "What it is", rows);
}

/// What of the error codes an operation has for a status, beside those that this answer always may have.
std::string response_codes(const json::object& operation, std::string_view status,
                           const json::value& response) {
    std::string html;
    if (const auto* const own = operation.if_contains("x-error-codes")) {
        const auto* const of_status = own->as_object().if_contains(status);
        html += of_status == nullptr ? std::string() : codes_html(of_status->as_array());
    }
    const auto* const always = response.as_object().if_contains("x-error-codes");
    if (always != nullptr && always->is_array()) {
        html += codes_html(always->as_array());
    }
    return html;
}

std::string responses_html(const json::value& document, const json::object& operation) {
    std::string rows;
    for (const auto& [status, reference] : operation.at("responses").as_object()) {
        if (status == "default") {
            continue;  // the same for all: said once, at the top
        }
        const auto& response = resolve(document, reference);
        const auto codes = response_codes(operation, status, response);
        const bool is_error = status >= "400";
        rows += row_html(code(status), text_of(response, "description") + "." +
                                           (is_error ? codes : content_html(response, "Example")));
    }
    return table_html("Answer", "What it is", rows);
}

std::string operation_html(const json::value& document, std::string_view path, std::string_view method,
                           const json::object& operation) {
    const auto id = escape_html(operation.at("operationId").as_string());
    std::string html =
        "<section id=\"" + id + "\">\n<h3><b>" + upper(method) + "</b> " + code(path) + "</h3>\n";
    const bool is_open = operation.contains("security");
    html += paragraph(text_of(operation, "summary") + "." + (is_open ? " Without login." : ""));
    html += paragraph(text_of(operation, "description"));
    html += parameters_html(operation);
    if (const auto* const body = operation.if_contains("requestBody")) {
        html += "<div>Body" + content_html(resolve(document, *body), "Example of a body") + "</div>\n";
    }
    return html + responses_html(document, operation) + "</section>\n";
}

bool has_tag(const json::object& operation, const json::value& tag) {
    return operation.at("tags").at(0) == tag.at("name");
}

template <class Function>
void for_each_operation(const json::value& document, Function function) {
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            function(path, method, operation.as_object());
        }
    }
}

std::string tag_html(const json::value& document, const json::value& tag) {
    std::string html = "<h2>" + text_of(tag, "description") + "</h2>\n";
    for_each_operation(document, [&](std::string_view path, std::string_view method, const auto& operation) {
        if (has_tag(operation, tag)) {
            html += operation_html(document, path, method, operation);
        }
    });
    return html;
}

/// What every operation may answer.
std::string default_html(const json::value& document) {
    const auto& refused = document.at_pointer("/components/responses/Refused");
    std::string rows;
    for (const auto& [status, codes] : refused.at("x-error-codes").as_object()) {
        rows += row_html(code(status), codes_html(codes.as_array()));
    }
    return "<section id=\"refused\">\n<h3>Any operation</h3>\n" + paragraph(text_of(refused, "description")) +
           table_html("Answer", "Codes", rows) + "</section>\n";
}

std::string contents_html(const json::value& openapi) {
    std::string items;
    for_each_operation(openapi, [&](std::string_view path, std::string_view method, const auto& operation) {
        items += "<li><a href=\"#" + escape_html(operation.at("operationId").as_string()) + "\">" +
                 upper(method) + " " + escape_html(path) + "</a></li>\n";
    });
    return "<nav><ul>\n" + items + "<li><a href=\"#events\">Events</a></li>\n" +
           "<li><a href=\"#shapes\">Shapes</a></li>\n</ul></nav>\n";
}

}  // namespace

std::string render_api_docs(const json::value& openapi, const json::value& asyncapi) {
    std::string page(page_head);
    page += paragraph(text_of(openapi.at("info"), "description"));
    page += paragraph(
        "For programs: <a href=\"/api/v1/openapi.json\">OpenAPI 3.1</a>, "
        "<a href=\"/api/v1/asyncapi.json\">AsyncAPI 3.0</a>.");
    page += "</header>\n" + contents_html(openapi) + "<main>\n";
    for (const auto& tag : openapi.at("tags").as_array()) {
        page += tag_html(openapi, tag);
    }
    page += default_html(openapi);
    page += "<h2 id=\"events\">Events</h2>\n" + paragraph(text_of(asyncapi.at("info"), "description"));
    page += channels_html(asyncapi);
    page += "<h2 id=\"shapes\">Shapes</h2>\n" + shapes_html(openapi) + shapes_html(asyncapi);
    return page.append(page_foot);
}

}  // namespace ping::app::docs
