#include "app/api_docs_events.hpp"

#include "app/api_docs_html.hpp"
#include "app/api_docs_shapes.hpp"
#include "ping/core/html.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string_view>

namespace ping::app::docs {
namespace {

namespace json = boost::json;

std::string message_html(const json::value& document, const json::value& reference) {
    const auto& message = resolve(document, reference);
    return shape_html(message.at("payload")) +
           example_html("Example", message.at("examples").at(0).at("payload"));
}

/// The frame of an event's section; the same event may come by several channels.
std::string event_html(std::string_view channel, std::string_view side, const json::value& message,
                       const std::string& rows) {
    const auto name = escape_html(message.at("name").as_string());
    return "<section id=\"" + escape_html(channel) + "-" + name + "\">\n<h3><b>" + std::string(side) +
           "</b> " + code(name) + "</h3>\n" + paragraph(text_of(message, "summary") + ".") +
           table_html("", "", rows) + "</section>\n";
}

std::string client_event_html(const json::value& document, std::string_view channel,
                              const json::value& operation) {
    const auto& asked = resolve(document, operation.at("messages").at(0));
    std::string rows = row_html("data", message_html(document, asked));
    rows += row_html("answer", message_html(document, operation.at("reply").at("messages").at(0)));
    if (const auto* const codes = operation.as_object().if_contains("x-error-codes")) {
        rows += row_html("refused", codes_html(codes->as_array()));
    }
    return event_html(channel, "client", asked, rows);
}

std::string server_event_html(const json::value& document, std::string_view channel,
                              const json::value& reference) {
    const auto& message = resolve(document, reference);
    return event_html(channel, "server", message, row_html("data", message_html(document, message)));
}

std::string close_codes_html(const json::object& channel) {
    std::string rows;
    if (const auto* const codes = channel.if_contains("x-close-codes")) {
        for (const auto& [number, meaning] : codes->as_object()) {
            rows += row_html(code(number), inline_html(meaning.as_string()));
        }
    }
    return table_html("The server closes with", "when", rows);
}

std::string channel_html(const json::value& document, std::string_view id, const json::value& channel) {
    std::string html = "<h2>" + text_of(channel, "title") + ": " + code(channel.at("address").as_string()) +
                       "</h2>\n" + paragraph(text_of(channel, "description")) +
                       close_codes_html(channel.as_object());
    for (const auto& [name, operation] : document.at("operations").as_object()) {
        if (&resolve(document, operation.at("channel")) != &channel) {
            continue;
        }
        if (operation.at("action") == "receive") {
            html += client_event_html(document, id, operation);
            continue;
        }
        for (const auto& message : operation.at("messages").as_array()) {
            html += server_event_html(document, id, message);
        }
    }
    return html;
}

}  // namespace

std::string channels_html(const json::value& asyncapi) {
    std::string html;
    for (const auto& [name, channel] : asyncapi.at("channels").as_object()) {
        html += channel_html(asyncapi, name, channel);
    }
    return html;
}

}  // namespace ping::app::docs
