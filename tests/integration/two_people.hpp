#pragma once

#include "support/test_app.hpp"
#include "support/ws_client.hpp"

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ping::test {

/// Ana and Bo have a chat.
struct TwoPeople {
    explicit TwoPeople(const std::function<void(Config&)>& change = {}) : app(change) {}
    TestApp app;
    TestApp::Person ana = app.log_in("ana@example.com");
    TestApp::Person bo = app.log_in("bo@example.com");
    std::string chat = app.new_chat(ana, bo);

    WsClient connect(const TestApp::Person& person) {
        WsClient client(app.address());
        client.log_in(person.token);
        return client;
    }
};

/// Returns when the server has noticed that so many authenticated sockets are left; throws after 10 s.
inline void wait_for_connections(const TestApp& app, int count) {
    const auto line = "\nping_connections " + std::to_string(count) + "\n";
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (app.client().get("/metrics").text.find(line) == std::string::npos) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("there are not " + std::to_string(count) + " connections");
        }
    }
}

/// Sends the event and returns its answer's data; throws std::runtime_error with the error's code.
inline boost::json::value ask(WsClient& client, const std::string& event, const boost::json::value& data) {
    constexpr std::int64_t number = 1'000'001;
    client.send(event, data, number);
    const auto answer = client.acknowledgement(number);
    if (const auto* const error = answer.as_object().if_contains("error")) {
        throw std::runtime_error(std::string(error->at("code").as_string()));
    }
    return answer.at("data");
}

/// The events that the server had queued for this client when it answered a question that the client asks
/// now.
inline std::vector<boost::json::value> pending_events(WsClient& client) {
    constexpr std::int64_t number = 1'000'002;
    client.send("noSuchEvent", nullptr, number);
    std::vector<boost::json::value> events;
    while (true) {
        auto frame = client.receive();
        if (frame.as_object().contains("ack")) {
            return events;
        }
        events.push_back(std::move(frame));
    }
}

/// The names of `pending_events`.
inline std::vector<std::string> pending_names(WsClient& client) {
    std::vector<std::string> names;
    for (const auto& event : pending_events(client)) {
        names.emplace_back(event.at("event").as_string());
    }
    return names;
}

}  // namespace ping::test
