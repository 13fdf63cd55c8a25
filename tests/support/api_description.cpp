#include "support/api_description.hpp"

#include "support/api_documents.hpp"
#include "support/json_schema.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>

namespace ping::test {
namespace {

using schema::Node;
using Complaints = std::vector<std::string>;

Node component(const std::string& kind, const std::string& name) {
    return api_documents().find("openapi.json", "/components/" + kind + "/" + name);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::string_view next_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

/// How many segments of the template are text; nothing when the path is not of its form.
std::optional<int> match(std::string_view pattern, std::string_view path) {
    int literals = 0;
    while (pattern.starts_with('/') && path.starts_with('/')) {
        const auto expected = next_segment(pattern);
        const auto segment = next_segment(path);
        const bool is_parameter = expected.starts_with('{');
        if (is_parameter ? segment.empty() : expected != segment) {
            return std::nullopt;
        }
        literals += is_parameter ? 0 : 1;
    }
    return pattern.empty() && path.empty() ? std::optional(literals) : std::nullopt;
}

std::optional<Node> find_path(std::string_view path) {
    const auto paths = api_documents().root("openapi.json").at("paths");
    std::optional<Node> best;
    int most = -1;
    for (const auto& pattern : paths.keys()) {
        const auto literals = match(pattern, path);
        if (literals && *literals > most) {
            most = *literals;
            best = paths.at(pattern);
        }
    }
    return best;
}

std::optional<Node> operation_of(const Node& path, std::string_view method) {
    const auto name = method == "HEAD" ? "get" : lower(std::string(method));
    return path.has(name) ? std::optional(path.at(name)) : std::nullopt;
}

void append(Complaints& to, const std::string& prefix, const Complaints& more) {
    for (const auto& complaint : more) {
        to.push_back(prefix + complaint);
    }
}

std::string code_of(const ApiAnswer& answer) {
    const auto* const object = answer.json.if_object();
    const auto* const code = object == nullptr ? nullptr : object->if_contains("code");
    return code != nullptr && code->is_string() ? std::string(code->as_string()) : std::string();
}

/// Holds for every answer, whatever was asked.
void check_any(const ApiAnswer& answer, Complaints& complaints) {
    if (!answer.headers.contains("x-request-id")) {
        complaints.emplace_back("X-Request-Id is missing");
    }
    const bool is_for_later = answer.status == 429 || answer.status == 503 || answer.status == 507;
    if (is_for_later && !answer.headers.contains("retry-after")) {
        complaints.emplace_back("Retry-After is missing");
    }
}

void check_headers(const Node& response, const ApiAnswer& answer, Complaints& complaints) {
    if (!response.has("headers")) {
        return;
    }
    for (const auto& name : response.at("headers").keys()) {
        const auto header = response.at("headers").at(name).resolved();
        const auto found = answer.headers.find(lower(name));
        if (found != answer.headers.end()) {
            append(complaints, name + ": ",
                   schema::check(header.at("schema"), boost::json::value(found->second)));
        } else if (header.has("required") && header.at("required").value().as_bool()) {
            complaints.push_back(name + " is missing");
        }
    }
}

void check_content(const Node& response, const ApiRequest& request, const ApiAnswer& answer,
                   Complaints& complaints) {
    if (!response.has("content")) {
        if (!answer.text.empty()) {
            complaints.emplace_back("there is a body");
        }
        return;
    }
    const auto type = answer.headers.find("content-type");
    const auto media = type == answer.headers.end() ? std::string() : type->second;
    if (!response.at("content").has(media)) {
        complaints.push_back("the Content-Type '" + media + "' is not described");
    } else if (request.method != "HEAD") {
        const bool is_json = media.find("json") != std::string::npos;
        append(complaints, "body ",
               schema::check(response.at("content").at(media).at("schema"),
                             is_json ? answer.json : boost::json::value(answer.text)));
    }
}

void check_response(const Node& response, const ApiRequest& request, const ApiAnswer& answer,
                    Complaints& complaints) {
    check_headers(response, answer, complaints);
    check_content(response, request, answer, complaints);
}

Node refused() {
    return component("responses", "Refused");
}

/// What the HTTP layer answers before or without an operation.
void check_refusal(const ApiRequest& request, const ApiAnswer& answer, Complaints& complaints) {
    if (request.method == "OPTIONS" && answer.status == 204) {
        return;
    }
    check_response(refused(), request, answer, complaints);
    const auto code = code_of(answer);
    const bool has_no_operation = answer.status == 404   ? code == "not_found"
                                  : answer.status == 405 ? code == "method_not_allowed"
                                                         : answer.status == 426 && code == "upgrade_required";
    if (request.method != "HEAD" && !has_no_operation &&
        !lists(refused().at("x-error-codes"), std::to_string(answer.status), code)) {
        complaints.push_back("no such operation, and still it answers " + answer.text);
    }
}

void check_code(const Node& operation, const Node& response, const ApiAnswer& answer,
                Complaints& complaints) {
    const auto status = std::to_string(answer.status);
    const auto code = code_of(answer);
    const bool is_known =
        lists(refused().at("x-error-codes"), status, code) || lists(response, "x-error-codes", code) ||
        (operation.has("x-error-codes") && lists(operation.at("x-error-codes"), status, code));
    if (!is_known) {
        complaints.push_back("the code '" + code + "' is not described for this status");
    }
}

void check_request(const Node& operation, const ApiRequest& request, Complaints& complaints) {
    if (!operation.has("requestBody")) {
        return;
    }
    const auto content = operation.at("requestBody").resolved().at("content");
    if (request.content_type == "application/json") {
        append(complaints, "accepted request ",
               schema::check(content.at("application/json").at("schema"), boost::json::parse(request.body)));
    }
}

void check_operation(const Node& operation, const ApiRequest& request, const ApiAnswer& answer,
                     Complaints& complaints) {
    const auto responses = operation.at("responses");
    const auto status = std::to_string(answer.status);
    const auto response = responses.at(responses.has(status) ? status : "default").resolved();
    check_response(response, request, answer, complaints);
    if (answer.status >= 400 && request.method != "HEAD") {
        check_code(operation, response, answer, complaints);
    } else if (answer.status < 300) {
        check_request(operation, request, complaints);
    }
}

}  // namespace

std::optional<Node> find_operation(std::string_view method, std::string_view path) {
    const auto item = find_path(path);
    return item ? operation_of(*item, method) : std::nullopt;
}

void check_described(const ApiRequest& request, const ApiAnswer& answer) {
    const auto path = request.target.substr(0, request.target.find('?'));
    if (path.starts_with("/socket.io")) {
        return;  // Engine.IO's own answers
    }
    const auto operation = find_operation(request.method, path);
    const bool is_api = path.starts_with("/api/") || find_path(path);
    Complaints complaints;
    check_any(answer, complaints);
    if (operation) {
        check_operation(*operation, request, answer, complaints);
    } else if (is_api || answer.status >= 400) {
        check_refusal(request, answer, complaints);
    }
    require_described(request.method + " " + request.target + " -> " + std::to_string(answer.status),
                      complaints);
}

void check_described(std::string_view request, const RawAnswer& answer) {
    ApiRequest asked;
    const auto first = request.find(' ');
    asked.method = request.substr(0, first);
    asked.target = request.substr(first + 1, request.find(' ', first + 1) - first - 1);
    asked.content_type = "application/json";
    asked.body = request.substr(request.find("\r\n\r\n") + 4);
    ApiAnswer got;
    got.status = answer.status;
    got.headers = answer.headers;
    got.text = answer.body;
    boost::system::error_code not_json;
    got.json = boost::json::parse(got.text, not_json);
    check_described(asked, got);
}

}  // namespace ping::test
