#include "dialect.hpp"

#include <stdexcept>

namespace bench {

Dialect parse_dialect(std::string_view name) {
    if (name == "native") {
        return Dialect::native;
    }
    if (name == "socketio") {
        return Dialect::socketio;
    }
    throw std::runtime_error("a dialect is native or socketio, not " + std::string(name));
}

std::string_view socket_path(Dialect dialect) {
    return dialect == Dialect::native ? "/api/v1/ws" : "/socket.io/?EIO=4&transport=websocket";
}

std::string write_event(Dialect dialect, std::string_view name, std::string_view json, std::uint64_t ack) {
    const auto number = std::to_string(ack);
    std::string text;
    text.reserve(name.size() + json.size() + 64);
    if (dialect == Dialect::native) {
        text.append(R"({"event":")").append(name).append(R"(","data":)").append(json);
        text.append(R"(,"ack":)").append(number).append("}");
    } else {
        text.append("42").append(number).append("[\"").append(name).append("\",").append(json).append("]");
    }
    return text;
}

bool is_answer(Dialect dialect, std::string_view text) {
    const std::string_view start = dialect == Dialect::native ? R"({"ack":)" : "43";
    if (!text.starts_with(start)) {
        return false;
    }
    if (text.find(R"("error":)") != std::string_view::npos) {
        throw std::runtime_error("the server answered an event with an error: " + std::string(text));
    }
    return true;
}

Greeting greet(Dialect dialect, std::string_view text, std::string_view token) {
    if (dialect == Dialect::native) {
        // The token went with the handshake.
        return {text.starts_with(R"({"event":"hello")"), {}};
    }
    if (text.starts_with("0")) {
        return {false, R"(40{"token":")" + std::string(token) + R"("})"};
    }
    return {text.starts_with("40"), {}};
}

std::string_view heartbeat_answer(Dialect dialect, std::string_view text) {
    return dialect == Dialect::socketio && text == "2" ? "3" : "";
}

}  // namespace bench
