#pragma once

#include "support/json_library.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ping::test {

/// What config/api/asyncapi.json says of one transport. `channel` is its name there, such as `native`.
class EventDescription {
public:
    explicit EventDescription(std::string channel) : channel_(std::move(channel)) {}

    /// The names of what clients, and of what the server may say.
    std::vector<std::string> client_events() const;
    std::vector<std::string> server_events() const;

    /// These throw Undescribed. An event of the server:
    void check_event(const std::string& name, const boost::json::value& data) const;
    /// the answer to a client's event that did what it asked, with what was asked;
    void check_answer(const std::string& event, const boost::json::value& asked,
                      const boost::json::value& data) const;
    /// the answer to one that was refused;
    void check_refusal(const std::string& event, const boost::json::value& error) const;
    /// a whole message of the server as it travels;
    void check_frame(const boost::json::value& frame) const;
    /// the code with which the server closes.
    void check_close(int code) const;

private:
    schema::Node channel() const;
    std::vector<schema::Node> operations(std::string_view action) const;
    schema::Node operation_of(const std::string& event) const;

    std::string channel_;
};

/// Follows one connection of the native WebSocket (API.md §5) and checks all that the server says on it.
/// Throws Undescribed.
class NativeTranscript {
public:
    void sent(std::string_view text);
    void received(std::string_view text);
    /// 0: without a close frame.
    void closed(int code) const;

private:
    struct Asked {
        std::string event;
        boost::json::value data;
    };
    void answered(const boost::json::object& frame);

    EventDescription description_{"native"};
    std::map<std::int64_t, std::deque<Asked>> asked_;  ///< by `ack`, the oldest first
};

}  // namespace ping::test
