#pragma once

#include "integration/two_people.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>

namespace ping::test {

using Seq = std::int64_t;

/// What a client keeps of its chat.
struct ChatState {
    std::map<Seq, std::string> senders;
    Seq read = 0;
    Seq peer_read = 0;
    Seq peer_delivered = 0;

    bool operator==(const ChatState&) const = default;
    /// Everything up to here is known without a gap.
    Seq last() const {
        Seq seq = 0;
        while (senders.contains(seq + 1)) {
            ++seq;
        }
        return seq;
    }
};

inline std::ostream& operator<<(std::ostream& out, const ChatState& state) {
    return out << state.senders.size() << " messages, read " << state.read << ", peer read "
               << state.peer_read << ", delivered " << state.peer_delivered;
}

/// A device of one of the two: its state changes by what the server tells, never by what it asked for.
class PropertyDevice {
public:
    PropertyDevice(TwoPeople& two, const TestApp::Person& person) : two_(two), me_(person) { connect(); }

    void connect() {
        client_.emplace(two_.connect(me_));
        asked_.clear();
        has_chat_open_ = false;
        is_visible_ = true;
        send("resume", {{"chats", {{two_.chat, state_.last()}}}});
    }
    /// Ends as a lost network does.
    void cut() {
        client_->cut();
        client_.reset();
    }
    /// Says goodbye.
    void close() {
        client_->close();
        client_.reset();
    }
    bool is_connected() const { return client_.has_value(); }
    void send(const std::string& event, const boost::json::value& data) {
        client_->send(event, data, ++last_ack_);
        asked_.emplace(last_ack_, event);
    }
    void open_chat(bool is_open) {
        send(is_open ? "joinChat" : "leaveChat", boost::json::value(two_.chat));
        has_chat_open_ = is_open;
    }
    void show(bool is_visible) {
        send("visibility", {{"visible", is_visible}});
        is_visible_ = is_visible;
    }
    /// Whether what comes now is seen here.
    bool looks_at_chat() const { return is_connected() && has_chat_open_ && is_visible_; }
    /// Takes in all that comes until everything asked is answered.
    void catch_up() {
        while (!asked_.empty()) {
            take(client_->receive());
        }
        for (const auto& frame : pending_events(*client_)) {
            take(frame);
        }
    }
    const ChatState& state() const { return state_; }
    const std::set<std::string>& online() const { return online_; }
    const TestApp::Person& person() const { return me_; }

private:
    void take(const boost::json::value& frame) {
        const auto& object = frame.as_object();
        if (const auto* const event = object.if_contains("event")) {
            apply(std::string(event->as_string()), object.at("data"));
            return;
        }
        const auto asked = asked_.find(object.at("ack").to_number<std::int64_t>());
        REQUIRE(asked != asked_.end());
        INFO(asked->second);
        REQUIRE(object.contains("data"));
        if (asked->second == "resume") {
            apply_resume(object.at("data").at("chats").at(two_.chat));
        }
        asked_.erase(asked);
    }
    void add(const boost::json::value& message) {
        const auto seq = message.at("seq").to_number<Seq>();
        const std::string sender(message.at("sender").as_string());
        const auto [known, is_new] = state_.senders.emplace(seq, sender);
        CHECK(known->second == sender);
        if (sender == me_.id) {
            state_.read = std::max(state_.read, seq);  // who writes has read what came before
        }
    }
    void apply(const std::string& event, const boost::json::value& data) {
        if (event == "newMessage") {
            add(data);
        } else if (event == "messagesSeen") {
            CHECK(data.at("seenBy") != boost::json::value(me_.id));
            raise(state_.peer_read, data.at("seq"));
        } else if (event == "messagesDelivered") {
            raise(state_.peer_delivered, data.at("seq"));
        } else if (event == "unread") {
            raise(state_.read, data.at("readSeq"));
        } else {
            apply_presence(event, data);
        }
    }
    void apply_presence(const std::string& event, const boost::json::value& data) {
        if (event == "getOnlineUser") {
            online_.clear();
            for (const auto& user : data.as_array()) {
                online_.emplace(user.as_string());
            }
        } else if (event == "userOnline") {
            online_.emplace(data.at("userId").as_string());
        } else if (event == "userOffline") {
            online_.erase(std::string(data.at("userId").as_string()));
        }
    }
    void apply_resume(const boost::json::value& chat) {
        for (const auto& message : chat.at("messages").as_array()) {
            add(message);
        }
        raise(state_.read, chat.at("readSeq"));
        raise(state_.peer_read, chat.at("peer").at("readSeq"));
        raise(state_.peer_delivered, chat.at("peer").at("deliveredSeq"));
    }
    static void raise(Seq& mark, const boost::json::value& seq) {
        mark = std::max(mark, seq.to_number<Seq>());
    }

    TwoPeople& two_;
    const TestApp::Person& me_;
    std::optional<WsClient> client_;
    ChatState state_;
    std::set<std::string> online_;
    bool has_chat_open_ = false;  ///< what was asked of this connection last
    bool is_visible_ = true;
    std::int64_t last_ack_ = 0;
    std::map<std::int64_t, std::string> asked_;  ///< what waits for its answer
};

}  // namespace ping::test
