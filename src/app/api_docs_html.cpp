#include "app/api_docs_html.hpp"

#include "ping/core/html.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace ping::app::docs {
namespace {

namespace json = boost::json;

/// One member or element per line.
std::string indented(const json::value& value, const std::string& margin = "\n") {
    const auto deeper = margin + "  ";
    std::string text;
    if (const auto* const object = value.if_object()) {
        for (const auto& [name, member] : *object) {
            text += (text.empty() ? "" : ",") + deeper + json::serialize(json::value(name)) + ": " +
                    indented(member, deeper);
        }
        return "{" + text + (text.empty() ? "" : margin) + "}";
    }
    if (const auto* const array = value.if_array()) {
        for (const auto& element : *array) {
            text += (text.empty() ? "" : ",") + deeper + indented(element, deeper);
        }
        return "[" + text + (text.empty() ? "" : margin) + "]";
    }
    return json::serialize(value);
}

}  // namespace

const json::value& resolve(const json::value& document, const json::value& node) {
    const auto* const object = node.if_object();
    const auto* const reference = object == nullptr ? nullptr : object->if_contains("$ref");
    return reference == nullptr ? node
                                : resolve(document, document.at_pointer(reference->as_string().subview(1)));
}

std::string inline_html(std::string_view text) {
    std::string html;
    bool is_code = false;
    while (true) {
        const auto tick = text.find('`');
        html += escape_html(text.substr(0, tick));
        if (tick == std::string_view::npos) {
            return html + (is_code ? "</code>" : "");
        }
        html += is_code ? "</code>" : "<code>";
        is_code = !is_code;
        text.remove_prefix(tick + 1);
    }
}

std::string text_of(const json::value& object, std::string_view key) {
    const auto* const text = object.as_object().if_contains(key);
    return text == nullptr ? std::string() : inline_html(text->as_string());
}

std::string row_html(const std::string& first, const std::string& second) {
    return "<tr><td>" + first + "</td><td>" + second + "</td></tr>\n";
}

std::string table_html(std::string_view first, std::string_view second, const std::string& rows) {
    if (rows.empty()) {
        return {};
    }
    const std::string head =
        "<thead><tr><th>" + escape_html(first) + "</th><th>" + escape_html(second) + "</th></tr></thead>\n";
    return "<table>\n" + (first.empty() ? "" : head) + "<tbody>\n" + rows + "</tbody>\n</table>\n";
}

std::string paragraph(const std::string& html) {
    return html.empty() ? std::string() : "<p>" + html + "</p>\n";
}

std::string code(std::string_view text) {
    return "<code>" + escape_html(text) + "</code>";
}

std::string example_html(std::string_view title, const json::value& example) {
    return "<details><summary>" + escape_html(title) + "</summary><pre>" + escape_html(indented(example)) +
           "</pre></details>\n";
}

std::string codes_html(const json::array& codes) {
    std::string html;
    for (const auto& one : codes) {
        html += " " + code(one.as_string());
    }
    return html;
}

}  // namespace ping::app::docs
