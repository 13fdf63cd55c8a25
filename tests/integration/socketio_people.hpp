#pragma once

#include "integration/two_people.hpp"
#include "support/socketio_client.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ping::test {

/// Ana and Bo have a chat and use Socket.IO.
struct SocketIoPeople : TwoPeople {
    using TwoPeople::TwoPeople;

    SocketIoClient connect(const TestApp::Person& person, const SocketIoClient::Headers& headers = {}) {
        SocketIoClient client(app.address(), headers);
        client.log_in(person.token);
        return client;
    }
    /// Ana says it by REST; the message's id.
    std::string say(const std::string& text) {
        const auto sent = ana.api.post("/api/v1/message", {{"chatId", chat}, {"text", text}});
        return std::string(sent.json.at("message").at("_id").as_string());
    }
    /// The server has noticed that so many sockets are left.
    void wait_for(int connections) { wait_for_connections(app, connections); }
};

/// The ids of the messages among these events, in order.
inline std::vector<std::string> message_ids(const std::vector<SocketIoClient::Heard>& events) {
    std::vector<std::string> ids;
    for (const auto& [event, data] : events) {
        if (event == "newMessage") {
            ids.emplace_back(data.at("_id").as_string());
        }
    }
    return ids;
}

/// How many of these events have that name.
inline std::ptrdiff_t count(const std::vector<SocketIoClient::Heard>& events, std::string_view name) {
    return std::count_if(events.begin(), events.end(),
                         [&](const auto& heard) { return heard.event == name; });
}

/// Answers pings while the clock passes, as a client that waits does.
inline void stay(SocketIoPeople& people, SocketIoClient& client, std::chrono::seconds time) {
    for (auto left = time; left.count() > 0; left -= std::chrono::seconds(1)) {
        people.app.advance(std::chrono::seconds(1));
        static_cast<void>(client.pending());
    }
}

}  // namespace ping::test
