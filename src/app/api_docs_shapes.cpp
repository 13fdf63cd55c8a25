#include "app/api_docs_shapes.hpp"

#include "app/api_docs_html.hpp"
#include "ping/core/html.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace ping::app::docs {
namespace {

namespace json = boost::json;

std::string code_html(const json::value& literal) {
    return code(json::serialize(literal));
}

/// `min`..`max` where a schema has such a pair of keywords.
std::string range_html(const json::object& schema, std::string_view least, std::string_view most,
                       std::string_view unit) {
    const auto* const from = schema.if_contains(least);
    const auto* const to = schema.if_contains(most);
    if (from == nullptr && to == nullptr) {
        return {};
    }
    const auto text = from == nullptr ? "at most " + json::serialize(*to)
                      : to == nullptr ? "at least " + json::serialize(*from)
                                      : json::serialize(*from) + " to " + json::serialize(*to);
    return " (" + text + std::string(unit) + ")";
}

bool is_required(const json::object& schema, std::string_view name) {
    const auto* const required = schema.if_contains("required");
    return required != nullptr && std::ranges::any_of(required->as_array(), [&](const auto& one) {
               return one.as_string() == name;
           });
}

std::string field_name(const json::object& schema, std::string_view name) {
    return escape_html(name) + (is_required(schema, name) ? "" : "?");
}

std::string object_html(const json::object& schema) {
    std::string fields;
    const auto add = [&](const std::string& name, const json::value& of) {
        fields += (fields.empty() ? " " : ", ") + name + ": " + shape_html(of);
    };
    if (const auto* const properties = schema.if_contains("properties")) {
        for (const auto& [name, of] : properties->as_object()) {
            add(field_name(schema, name), of);
        }
    }
    const auto* const others = schema.if_contains("additionalProperties");
    if (others != nullptr && others->is_object()) {
        const auto* const names = schema.if_contains("propertyNames");
        add("[" + (names == nullptr ? "string" : shape_html(*names)) + "]", *others);
    }
    return fields.empty() ? "object" : "{" + fields + " }";
}

template <class Values, class Show>
std::string alternatives(const Values& values, Show show) {
    std::string text;
    for (const auto& one : values) {
        text += (text.empty() ? "" : " or ") + show(one);
    }
    return text;
}

std::string typed_html(const json::object& schema) {
    const auto* const type = schema.if_contains("type");
    const std::string_view name = type == nullptr ? std::string_view("any") : type->as_string();
    if (name == "object") {
        return object_html(schema);
    }
    if (name == "array") {
        return "list of " + shape_html(schema.at("items"));
    }
    return std::string(name) + range_html(schema, "minimum", "maximum", "") +
           range_html(schema, "minLength", "maxLength", " characters");
}

std::string fields_table(const json::object& schema) {
    std::string rows;
    if (const auto* const properties = schema.if_contains("properties")) {
        for (const auto& [name, of] : properties->as_object()) {
            const auto about = text_of(of, "description");
            rows += row_html("<code>" + field_name(schema, name) + "</code>",
                             shape_html(of) + (about.empty() ? "" : ". " + about));
        }
    }
    return table_html("Field", "Shape", rows);
}

/// Of a schema that is a list of explained constants.
std::string values_table(const json::value& values) {
    std::string rows;
    for (const auto& one : values.as_array()) {
        if (one.as_object().contains("const")) {
            rows += row_html(code_html(one.at("const")), text_of(one, "description"));
        }
    }
    return table_html("Value", "Meaning", rows);
}

std::string shape_section(std::string_view name, const json::object& schema) {
    const auto title = escape_html(name);
    std::string html = "<section id=\"shape-" + title + "\">\n<h3>" + title + "</h3>\n";
    if (const auto about = text_of(schema, "description"); !about.empty()) {
        html += "<p>" + about + "</p>\n";
    }
    const auto* const choices = schema.if_contains("oneOf");
    const auto table = choices == nullptr ? fields_table(schema) : values_table(*choices);
    html += table.empty() ? "<p>" + shape_html(schema) + "</p>\n" : table;
    return html + "</section>\n";
}

}  // namespace

std::string shape_html(const json::value& schema) {
    const auto& object = schema.as_object();
    if (const auto* const reference = object.if_contains("$ref")) {
        const std::string_view target = reference->as_string();
        const auto name = escape_html(target.substr(target.rfind('/') + 1));
        return "<a href=\"#shape-" + name + "\">" + name + "</a>";
    }
    if (const auto* const constant = object.if_contains("const")) {
        return code_html(*constant);
    }
    if (const auto* const values = object.if_contains("enum")) {
        return alternatives(values->as_array(), code_html);
    }
    if (const auto* const choices = object.if_contains("oneOf")) {
        return alternatives(choices->as_array(), shape_html);
    }
    return typed_html(object);
}

std::string shapes_html(const json::value& document) {
    std::string html;
    for (const auto& [name, schema] : document.at("components").at("schemas").as_object()) {
        html += shape_section(name, schema.as_object());
    }
    return html;
}

}  // namespace ping::app::docs
