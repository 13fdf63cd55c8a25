#pragma once

#include "support/http_test_server.hpp"

#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>

#include <stdexcept>
#include <string>

namespace ping::test {

using namespace ping::http;

inline const RouteOptions open_to_all{Auth::none, 0};

inline std::string get(const std::string& path, const std::string& fields = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

inline std::string post(const std::string& path, const std::string& body, const std::string& fields = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string message_of(const RawAnswer& answer) {
    boost::system::error_code error;
    const auto body = boost::json::parse(answer.body, error);
    const auto* object = body.if_object();
    const auto* message = object == nullptr ? nullptr : object->if_contains("message");
    return message == nullptr ? "" : std::string(message->as_string());
}

inline Task<Result<Response>> echo_json(Request& request) {
    auto object = request.json();
    if (!object) {
        co_return object.error();
    }
    co_return json_response(200, *object);
}

inline Task<Result<Response>> throw_up(Request&) {
    throw std::runtime_error("secret detail");
    co_return Response();
}

inline Task<Result<Response>> tell_client(Request& request) {
    co_return text_response(
        200, request.client.to_string() + (request.is_forwarded ? " forwarded" : " direct"), "text/plain");
}

// Speaks once, as a WebSocket's server would, and ends.
inline Task<> greet(Upgrade upgrade) {
    const std::string text = std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n") +
                             (upgrade.request.origin == Origin::allowed ? "allowed " : "unknown ") +
                             upgrade.request.path + "\n" + upgrade.received;
    const auto buffer = boost::asio::buffer(text);
    co_await boost::asio::async_write(upgrade.socket, buffer, use_task);
}

/// One route of each kind.
struct Fixture : HttpTestServer {
    Fixture() {
        router.add(Method::get, "/open/:id", open_to_all, echo());
        router.add(Method::post, "/x", open_to_all, echo());
        router.add(Method::get, "/smuggled", open_to_all, echo());
        router.add(Method::get, "/closed", RouteOptions(), echo());
        router.add(Method::post, "/closed", RouteOptions(), echo());
        router.add(Method::post, "/json", open_to_all, echo_json);
        router.add(Method::get, "/boom", open_to_all, throw_up);
        router.add(Method::get, "/client", open_to_all, tell_client);
        router.add_upgrade("/ws", greet);
    }
};

struct Started : Fixture {
    Started() { start(); }
};

}  // namespace ping::test
