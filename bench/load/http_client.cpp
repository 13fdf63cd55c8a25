#include "http_client.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

int number_after(std::string_view text, std::string_view name) {
    const auto start = text.find(name);
    int value = -1;
    if (start != std::string_view::npos) {
        std::from_chars(text.data() + start + name.size(), text.data() + text.size(), value);
    }
    if (value < 0) {
        throw std::runtime_error("an HTTP answer without '" + std::string(name) + "': " + std::string(text));
    }
    return value;
}

}  // namespace

std::string HttpClient::make_request(std::string_view method, std::string_view target, std::string_view token,
                                     std::string_view json) const {
    std::string request;
    request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1:");
    request.append(std::to_string(server_.port())).append("\r\n");
    if (!token.empty()) {
        request.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    if (!json.empty()) {
        request.append("Content-Type: application/json\r\nContent-Length: ");
        request.append(std::to_string(json.size())).append("\r\n");
    }
    return request.append("\r\n").append(json);
}

void HttpClient::send(std::string_view request, std::function<void(const HttpAnswer&)> on_answer) {
    on_answer_ = std::move(on_answer);
    link_.send(request);
}

std::size_t HttpClient::on_bytes(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return 0;
    }
    HttpAnswer answer;
    answer.head = bytes.substr(0, end + 2);
    answer.status = number_after(answer.head, "HTTP/1.1 ");
    const auto length = static_cast<std::size_t>(number_after(answer.head, "\r\nContent-Length: "));
    if (bytes.size() < end + 4 + length) {
        return 0;
    }
    answer.body = bytes.substr(end + 4, length);
    const auto on_answer = std::exchange(on_answer_, nullptr);
    if (!on_answer) {
        throw std::runtime_error("an HTTP answer that nobody asked for: " + std::string(answer.head));
    }
    on_answer(answer);
    return end + 4 + length;
}

void expect_status(const HttpAnswer& answer, int status) {
    if (answer.status != status) {
        throw std::runtime_error("HTTP " + std::to_string(answer.status) + ": " + std::string(answer.body));
    }
}

}  // namespace bench
